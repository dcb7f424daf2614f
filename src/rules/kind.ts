/**
 * What a word or phrase does in an answer.
 *
 * - `yes` / `no`: says it outright; nothing turns it round. `bareNo` is the word "no", which may also belong to a noun.
 * - `agree` / `refuse`: commits; a negation turns it round. The `…AtEnd` forms commit only where the clause ends.
 * - `like` / `dislike`: an opinion. `good` / `bad`: an adjective, an opinion only when it is all the clause says.
 * - `indeed`: "definitely": yes by itself, else it only stresses the rest.
 * - `trouble`: "problem": says nothing until it is negated, then yes.
 * - `will` / `wish` / `glad`: announce an `act`. `act`: what somebody who agrees does.
 * - `not`, `cant`, `wont`: negations, from the weakest to the one that refuses by itself. `pas` stands behind its verb.
 * - `unsure`: the answer is open. `ask`: begins a question. `whatIf`: begins a condition.
 * - `whyNot` / `asIf`: answers in the shape of a question.
 * - `but`: a contrast. `amend`: takes back what stood before. `past`: what somebody once meant.
 * - `optOut`: stop, wherever it stands. `stop`: stop, if the clause says nothing else.
 * - `thumbUp`, `thumbDown`, `cheer`, `shrug`: emoji. `cheer` counts only where there are no words.
 * - `aside`: words that would mislead if they were read one by one. `filler`: words that change nothing.
 */
export type Kind =
  | 'yes' | 'no' | 'bareNo' | 'agree' | 'refuse' | 'agreeAtEnd' | 'refuseAtEnd'
  | 'like' | 'dislike' | 'good' | 'bad' | 'indeed' | 'trouble'
  | 'will' | 'wish' | 'glad' | 'act' | 'not' | 'cant' | 'wont' | 'pas'
  | 'unsure' | 'ask' | 'whatIf' | 'whyNot' | 'asIf' | 'but' | 'amend' | 'past' | 'optOut' | 'stop'
  | 'thumbUp' | 'thumbDown' | 'cheer' | 'shrug' | 'aside' | 'filler';

/**
 * Phrases by kind, separated by commas or line ends, written as `normalize` leaves them: lower case, no accents, no
 * apostrophes. `a/b` is either word, `a?` may be left out.
 */
export type PhraseBook = Partial<Record<Kind, string>>;
