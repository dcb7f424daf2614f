import { expect, it } from 'vitest';
import { requestIn } from '../../src/rules/request.js';

it.each([
  ...['Hello again', 'Thanks again', 'Yes again', 'Again please'],
  ...['Hola otra vez', 'Gracias otra vez', 'Bonjour encore', 'Encore merci', 'Ciao di nuovo', 'Ancora grazie'],
  ...['Olá de novo', 'Outra vez obrigado', 'Hallo nochmal', 'Danke noch einmal'],
])('a greeting or thanks that comes again asks for nothing: %s', (text) => {
  expect(requestIn(text)).toBeUndefined();
});
