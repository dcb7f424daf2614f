/** Phrases as a tree of their words: what a text holds is found in one walk, however many phrases there are. */
export interface PhraseTree<Value> {
  /** Set where a phrase ends. */
  value?: Value;
  next?: Map<string, PhraseTree<Value>>;
}

/** Adds a phrase. One that is there already keeps its value. */
export function addPhrase<Value>(root: PhraseTree<Value>, words: readonly string[], value: Value): void {
  let node = root;
  for (const word of words) {
    node.next ??= new Map();
    let next = node.next.get(word);
    if (!next) node.next.set(word, (next = {}));
    node = next;
  }
  node.value ??= value;
}
