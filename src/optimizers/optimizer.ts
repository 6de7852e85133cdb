/** What all optimizers have in common: their slots, clipping, weight decay and the count of steps (Keras 3). */
import type { Storage } from '../backend.ts';
import { withDefaults } from '../defaults.ts';
import type { RuleName, RuleParams } from '../kernels.generated.ts';
import {
  check,
  FRACTION,
  isListOf,
  NOT_NEGATIVE,
  POSITIVE,
  readOptions,
  SHARE,
} from '../options.ts';
import type { Check } from '../options.ts';
import { allocate, sameShape, scope, Variable } from '../tensor.ts';
import type { Tensor } from '../tensor.ts';
import type { StepGuard } from './guard.ts';
import { GradientNorms } from './norms.ts';
import { getSchedule } from './schedules.ts';
import type { Schedule } from './schedules.ts';

/** A schedule as `getConfig` of an optimizer gives it: its name and options. */
export type ScheduleConfig = {
  /** 'cosineDecay' and the like. */
  readonly name: string;
};

/** The options that all optimizers share. */
export interface OptimizerOptions {
  /**
   * The step size, or a schedule that gives it for each step; by default that of the optimizer, 0.001 but for SGD,
   * which has 0.01.
   */
  learningRate?: number | Schedule | ScheduleConfig;
  /**
   * Subtracts learningRate · weightDecay · w from every weight w before its update (Loshchilov and Hutter 2019); none
   * by default.
   */
  weightDecay?: number | null;
  /**
   * Scales the gradient of each variable down to this L2 norm; none by default. At most one of the three clippings may
   * be set.
   */
  clipNorm?: number | null;
  /** Scales all gradients by one factor, down to this L2 norm of all of them (Pascanu et al. 2013); none by default. */
  globalClipNorm?: number | null;
  /** Limits every element of a gradient to ± this value; none by default. */
  clipValue?: number | null;
}

const VARIABLES: Check = [
  'a list of variables',
  (value) => isListOf(value, (one) => one instanceof Variable),
];
const RATE: Check = [
  `${NOT_NEGATIVE[0]}, or a schedule`,
  (value) => (typeof value === 'object' ? value !== null : NOT_NEGATIVE[1](value)),
];

/** What options must be, those of one optimizer too. */
const MUST_BE = {
  learningRate: RATE,
  weightDecay: NOT_NEGATIVE,
  clipNorm: POSITIVE,
  globalClipNorm: POSITIVE,
  clipValue: POSITIVE,
  momentum: FRACTION,
  beta1: SHARE,
  beta2: SHARE,
  rho: SHARE,
  epsilon: NOT_NEGATIVE,
  initialAccumulatorValue: NOT_NEGATIVE,
};

/** Of a gradient that the guard lets pass: the square of the norm of all is a float32 number. */
const LARGEST_GRADIENT = 2 ** 64;
/** A change so much smaller than the largest float32 number that no sum with a finite weight is infinite. */
const LARGEST_CHANGE = 1e31;

/** What is updated, and where: in place, or copies. */
interface Target {
  readonly gradient: Tensor;
  readonly variable: Variable;
  readonly weight: Storage;
  readonly slots: readonly (Storage | null)[];
}

/**
 * Changes weights by their gradients, and keeps for each what its rule needs. `compile` takes one; a loop of your own
 * calls `apply`.
 */
export abstract class Optimizer {
  /** As in `getOptimizer`. */
  readonly name: string;
  /** A number, or a schedule that is asked at every step. It may be set between steps. */
  learningRate: number | Schedule;
  /** Steps taken: the step of schedules and bias corrections. Set it when slots are restored from a checkpoint. */
  iterations = 0;
  /** Whether the last step was taken of copies first, since with these options weights might have become infinite. */
  isRehearsed = false;
  /** As in the options. */
  declare readonly weightDecay: number | null;
  /** As in the options. */
  declare readonly clipNorm: number | null;
  /** As in the options. */
  declare readonly globalClipNorm: number | null;
  /** As in the options. */
  declare readonly clipValue: number | null;
  private readonly rule: RuleName;
  private readonly defaults: Readonly<Record<string, unknown>>;
  private readonly slots = new Map<Variable, readonly (Variable | null)[]>();
  private undecayed: readonly string[] = [];
  private norms: GradientNorms | null = null;
  /** Of the last step. */
  private guard: StepGuard | null = null;

  /**
   * @param rule the update rule: shaders/rules/RULE.wgsl, src/cpu/rules/RULE.ts
   * @param own defaults of the options that this optimizer alone has; each of them becomes a property
   */
  constructor(
    rule: RuleName,
    options: OptimizerOptions,
    learningRate: number,
    own: object = {},
    name: string = rule,
  ) {
    this.rule = rule;
    this.name = name;
    const clipping = { clipNorm: null, globalClipNorm: null, clipValue: null };
    this.defaults = { weightDecay: null, ...clipping, ...own };
    const { learningRate: rate, ...others } = readOptions<Record<string, unknown>>(
      name,
      options,
      { learningRate, ...this.defaults },
      MUST_BE,
    );
    this.learningRate = scheduleOf(rate as number | Schedule | ScheduleConfig);
    Object.assign(this, others);
    const set = Object.keys(clipping).filter((limit) => others[limit] !== null);
    if (set.length > 1)
      throw new Error(
        `${name}: at most one of clipNorm, globalClipNorm and clipValue may be set, got ${set.join(' and ')}`,
      );
  }

  /** Names and first values of what the rule keeps of a variable, in its order; null where it does without. */
  protected abstract slotsOf(): readonly (readonly [name: string, value: number] | null)[];

  /** The rule's parameters for this step; `this.iterations` counts the steps before it. */
  protected abstract paramsOf(learningRate: number): RuleParams[RuleName];

  /**
   * What a step changes a weight by is at most this times the learning rate and the largest gradient, whatever came before: where that is far from
   * infinite, no weight becomes so. Infinite where nobody knows, as of a class of your own that does not say: a guarded step is then taken twice,
   * first of copies.
   */
  protected get reach(): number {
    return Infinity;
  }

  /** Makes the slots of these variables, unless they have theirs. `apply` does it where it was not done. */
  build(variables: readonly Variable[]): void {
    check(this.name, 'variables', variables, VARIABLES);
    for (const variable of variables)
      if (!this.slots.has(variable))
        this.slots.set(
          variable,
          this.slotsOf().map((slot) => slot && makeSlot(variable, ...slot)),
        );
  }

  /** Variables whose names contain one of these strings keep their weights from decaying. */
  excludeFromWeightDecay(names: readonly string[]): void {
    this.undecayed = names;
  }

  /**
   * Updates variables by their gradients. Nothing is read back or uploaded.
   *
   * @param gradients what `backward` gave, or one for each variable; null where a variable has none: it stays as it is
   * @param guard where it has latched a failed step, nothing changes
   */
  apply(
    gradients: readonly (Tensor | null)[] | { get(variable: Tensor): Tensor | null },
    variables: readonly Variable[],
    guard?: StepGuard,
  ): void {
    this.guard = guard ?? null;
    check(this.name, 'variables', variables, VARIABLES);
    const each = 'get' in gradients ? variables.map((one) => gradients.get(one)) : gradients;
    const present = this.pair(each, variables);
    const learningRate = this.currentLearningRate();
    this.build(variables);
    const norms = this.normsOf(
      present.map(({ gradient }) => gradient),
      guard,
    );
    const own = this.paramsOf(learningRate);
    const targets = present.map(({ gradient, variable }): Target => {
      const slots = this.slots.get(variable)!.map((slot) => slot?.storage ?? null);
      return { gradient, variable, weight: variable.storage, slots };
    });
    const update = (target: Target, i: number): void => {
      const { gradient, variable, weight, slots } = target;
      const decays = !this.undecayed.some((part) => variable.name.includes(part));
      const [slot0 = null, slot1 = null, slot2 = null] = slots;
      const RULE_SLOTS = slots.reduce((bits, slot, k) => (slot ? bits | (1 << k) : bits), 0);
      const bindings = {
        gradient: gradient.storage,
        norms,
        guard: guard?.tensor.storage ?? null,
        weight,
        ...{ slot0, slot1, slot2 },
      };
      const params = {
        size: variable.size,
        guarded: guard ? 1 : 0,
        normIndex: this.clipNorm === null ? 0 : 1 + i,
        clipNorm: this.clipNorm ?? this.globalClipNorm ?? 0,
        clipValue: this.clipValue ?? 0,
        decay: decays ? learningRate * (this.weightDecay ?? 0) : 0,
      };
      const variant = { slots: { rule: this.rule }, constants: { RULE_SLOTS } };
      variable.device.run('optimize', bindings, { ...params, ...own }, variant);
    };
    this.isRehearsed = guard !== undefined && !this.isTame(learningRate);
    if (guard && this.isRehearsed) this.rehearse(targets, update, guard);
    targets.forEach(update);
    this.iterations++;
  }

  /** How many steps have changed the weights until now: where the guard latched one that failed, `iterations` went on without them. */
  async stepsTaken(): Promise<number> {
    const { iterations, guard } = this;
    const { failed, step } =
      guard && !guard.disposed ? await guard.read() : { failed: false, step: 0 };
    return failed ? step : iterations;
  }

  /** Whether no step with these options makes a weight infinite, as long as gradients are finite. */
  private isTame(learningRate: number): boolean {
    const { reach, weightDecay } = this;
    const change = learningRate * reach * LARGEST_GRADIENT;
    return reach >= 0 && change < LARGEST_CHANGE && learningRate * (weightDecay ?? 0) <= 1;
  }

  /** Takes a step of copies, and has the guard look at the weights that come of it. */
  private rehearse(
    targets: readonly Target[],
    update: (target: Target, i: number) => void,
    guard: StepGuard,
  ): void {
    scope(() => {
      const copies = targets.map((target, i) => {
        const { device, size, shape } = target.variable;
        const copyOf = (storage: Storage): Tensor => {
          const copy = allocate(device, shape);
          device.copy(storage, 0, copy.storage, 0, size);
          return copy;
        };
        const weight = copyOf(target.weight);
        const slots = target.slots.map((slot) => slot && copyOf(slot).storage);
        update({ ...target, weight: weight.storage, slots }, i);
        return weight;
      });
      guard.checkWeights(copies, this.iterations);
    });
  }

  /** Slots of all variables, for checkpoints: with `iterations` they are all that an optimizer remembers. */
  get variables(): Variable[] {
    return [...this.slots.values()].flat().filter((slot) => slot !== null);
  }

  /** What `getOptimizer` makes the same optimizer from. */
  getConfig(): { name: string } & Record<string, unknown> {
    const { name, learningRate: rate } = this;
    const learningRate = typeof rate === 'number' ? rate : { name: rate.name, ...rate.config };
    return { name, learningRate, ...withDefaults(this, this.defaults) };
  }

  /** Frees the slots. */
  dispose(): void {
    for (const slot of this.variables) slot.dispose();
    this.slots.clear();
    this.norms?.dispose();
    this.norms = null;
  }

  /** Checks what may have been set since the last step. */
  private currentLearningRate(): number {
    const { name, iterations, learningRate: rate } = this;
    for (const option of Object.keys(this.defaults) as (keyof typeof MUST_BE)[]) {
      const value = (this as unknown as Record<string, unknown>)[option];
      if (Object.hasOwn(MUST_BE, option) && value !== null)
        check(name, option, value, MUST_BE[option]);
    }
    const value = typeof rate === 'number' ? rate : getSchedule(rate).call(iterations);
    return check(name, `the learning rate of step ${iterations}`, value, NOT_NEGATIVE);
  }

  private pair(
    gradients: readonly (Tensor | null)[],
    variables: readonly Variable[],
  ): { gradient: Tensor; variable: Variable }[] {
    if (gradients.length !== variables.length)
      throw new Error(
        `${this.name}: expected a gradient (or null) for each of ${variables.length} variables, got ${gradients.length}`,
      );
    const present = [];
    for (const [i, variable] of variables.entries()) {
      const gradient = gradients[i];
      if (!gradient) continue;
      if (!sameShape(gradient.shape, variable.shape))
        throw new Error(
          `${this.name}: the gradient of '${variable.name}' must be ${variable}, got ${gradient}`,
        );
      present.push({ gradient, variable });
    }
    if (present.length === 0)
      throw new Error(
        `${this.name}: expected a gradient for a variable, got none; does the loss depend on a trainable variable?`,
      );
    return present;
  }

  /** Norms for clipping: those that the guard has measured, or measured now; null where none are needed. */
  private normsOf(gradients: readonly Tensor[], guard: StepGuard | undefined): Storage | null {
    if (this.clipNorm === null && this.globalClipNorm === null) return null;
    const known = guard?.norms.take(gradients);
    if (known) return known;
    this.norms ??= new GradientNorms(gradients[0].device);
    this.norms.measure(gradients);
    return this.norms.take(gradients);
  }
}

function makeSlot(variable: Variable, name: string, value: number): Variable {
  const { device, shape, size } = variable;
  // Not `allocate`: slots outlive the scope of a step.
  const storage = device.alloc(size, 'float32');
  if (value === 0) device.zero(storage);
  else device.run('fill', { out: storage }, { size, value });
  return new Variable(device, storage, shape, `${variable.name}_${name}`, false);
}

/** The number or schedule that was given, or the schedule of a config. */
const scheduleOf = (rate: number | Schedule | ScheduleConfig): number | Schedule =>
  typeof rate === 'number' ? rate : getSchedule(rate);
