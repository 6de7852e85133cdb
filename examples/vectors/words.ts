// The words that are shown, if they have a vector.

export const looked = ['king', 'mother', 'water', 'bread', 'gold', 'jerusalem', 'good', 'seven'];

export const asked = [
  ['man', 'king', 'woman'],
  ['he', 'his', 'she'],
  ['day', 'days', 'year'],
  ['eat', 'bread', 'drink'],
  ['egypt', 'pharaoh', 'babylon'],
] as const;

/** Words drawn in the plane; each group has its own colour. */
export const groups: Readonly<Record<string, readonly string[]>> = {
  family: ['father', 'mother', 'son', 'daughter', 'brother', 'sister', 'wife', 'husband'],
  rulers: ['king', 'queen', 'prince', 'pharaoh', 'princes', 'captain'],
  food: ['bread', 'wine', 'oil', 'flour', 'honey', 'milk', 'meat', 'fruit'],
  metals: ['gold', 'silver', 'brass', 'iron', 'tin', 'lead'],
  places: ['jerusalem', 'egypt', 'babylon', 'samaria', 'israel', 'damascus', 'syria'],
  numbers: ['two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine', 'ten'],
};
