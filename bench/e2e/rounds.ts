/**
 * Measures each side once a round. Every other round has the reverse order, because the server's database grows all the
 * time.
 *
 * @param options.title what is printed before each round
 */
export async function inRounds<Name extends string, Side, Measured>(
  sides: Readonly<Record<Name, Side>>,
  { rounds, title }: { rounds: number; title: string },
  measure: (side: Side) => Promise<Measured>,
): Promise<Record<Name, Measured[]>> {
  const names = Object.keys(sides) as Name[];
  const measured = Object.fromEntries(names.map((name) => [name, [] as Measured[]])) as Record<Name, Measured[]>;
  for (let round = 1; round <= rounds; round++) {
    console.log(`${title}, round ${round} of ${rounds} …`);
    for (const name of round % 2 === 1 ? names : names.toReversed()) measured[name].push(await measure(sides[name]));
  }
  return measured;
}
