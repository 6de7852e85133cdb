/** Names between Python and JavaScript. */

/** `recurrent_activation` to `recurrentActivation`. */
export const camelCase = (name: string): string =>
  name.replace(/_+([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());

/** `SimpleRNN` to `simple_rnn`, `recurrentActivation` to `recurrent_activation`: as Keras does. */
export const snakeCase = (name: string): string =>
  name
    .replace(/\W/g, '')
    .replace(/(.)([A-Z][a-z]+)/g, '$1_$2')
    .replace(/([a-z])([A-Z])/g, '$1_$2')
    .toLowerCase();
