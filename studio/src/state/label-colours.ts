import type { LabelSet } from '../api/client';
import type { TargetRow } from './targets';

type Colour = readonly [number, number, number];

/** How far parts are from the colour of their object, towards white (above 0) or black; as many as look different. */
const SHADES = [0.3, -0.3, 0.5, -0.15, 0.15, -0.45, 0.65];

/** The colours that label sets give, by label; the first set that names one wins. */
export function labelColours(sets: readonly LabelSet[]): ReadonlyMap<string, Colour> {
  const colours = new Map<string, Colour>();
  for (const { name, colour } of sets.flatMap(each => each.categories))
    if (colour && !colours.has(name)) colours.set(name, rgbOf(colour));
  return colours;
}

/** The kind of an object: its name without the number that tells it from others of its kind. */
export function kindOf(name: string): string {
  return name.replace(/ \d+$/, '');
}

/** The tree with the objects whose label has a colour in that colour, and their parts in shades of it. */
export function recoloured(rows: readonly TargetRow[], colours: ReadonlyMap<string, Colour>): readonly TargetRow[] {
  if (colours.size === 0) return rows;
  const given = new Map(
    rows.filter(row => row.part === undefined).map(row => [row.object, colours.get(kindOf(row.name))]),
  );
  return rows.map(row => {
    const colour = given.get(row.object);
    if (!colour) return row;
    return { ...row, colour: row.part === undefined ? colour : shaded(colour, SHADES[(row.part - 1) % SHADES.length]) };
  });
}

function shaded(colour: Colour, by: number): Colour {
  const end = by > 0 ? 255 : 0;
  const [r, g, b] = colour.map(channel => Math.round(channel + Math.abs(by) * (end - channel)));
  return [r, g, b];
}

function rgbOf(hex: string): Colour {
  const [r, g, b] = [1, 3, 5].map(at => Number.parseInt(hex.slice(at, at + 2), 16));
  return [r, g, b];
}
