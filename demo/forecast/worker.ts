import { serve } from '../frame/trainer.ts';
import { lesson } from './lesson.ts';

serve(lesson);
