/** Five everyday sentences that are not from the declaration, with the codes of their languages. */
export const ownSentences: readonly { text: string; code: string }[] = [
  { text: 'My neighbour’s cat sleeps on our kitchen roof whenever it rains.', code: 'eng' },
  {
    text: 'Gestern haben wir im Wald drei große Pilze und einen alten Schuh gefunden.',
    code: 'deu_1996',
  },
  { text: 'La boulangère ouvre sa boutique avant que le soleil se lève.', code: 'fra' },
  { text: 'Huomenna menemme kesämökille uimaan ja paistamaan makkaraa.', code: 'fin' },
  { text: 'Nasz pociąg spóźnił się dwie godziny, więc poszliśmy na lody.', code: 'pol' },
];
