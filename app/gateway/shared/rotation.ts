import { smoothRotation, type Rotation } from "./smooth-rotation.ts";
import { word, type Rows } from "./rows.ts";

/** Turns until an order repeats, at most. Weights whose sum (without common factors) is larger are rounded to it, which changes no share by more than one in so many. */
const MAX_TURNS = 16_384;

/** The order of smooth weighted round robin (nginx), until it repeats. */
export function turnsOf(weights: readonly number[]): Uint16Array {
  const divisor = weights.reduce(greatestCommonDivisor, 0) || 1;
  const reduced = weights.map((weight) => weight / divisor);
  if (reduced.every((weight) => weight === 1)) return Uint16Array.from(reduced, (_, index) => index);
  const sum = reduced.reduce((total, weight) => total + weight, 0);
  const fitting =
    sum <= MAX_TURNS
      ? reduced
      : reduced.map((weight) => (weight === 0 ? 0 : Math.max(1, Math.round((weight / sum) * MAX_TURNS))));
  const rotation = smoothRotation(fitting);
  return Uint16Array.from({ length: fitting.reduce((total, weight) => total + weight, 0) }, () => rotation.next());
}

function greatestCommonDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestCommonDivisor(b, a % b);
}

/** A rotation whose only state is how many turns of its order were taken: one number in a row that all workers share. */
export function createSharedRotation(rows: Rows, row: number, weights: readonly number[]): Rotation {
  const turns = turnsOf(weights);
  return {
    next(eligible) {
      for (;;) {
        const position = rows.get(row, word.position);
        const turn = findTurn(turns, position, eligible);
        if (turn < 0) return -1;
        if (rows.exchange(row, word.position, position, (turn + 1) % turns.length)) return turns[turn] as number;
      }
    },
  };
}

function findTurn(turns: Uint16Array, from: number, eligible: ((index: number) => boolean) | undefined): number {
  if (eligible === undefined) return turns.length === 0 ? -1 : from;
  for (let step = 0; step < turns.length; step++) {
    const turn = (from + step) % turns.length;
    if (eligible(turns[turn] as number)) return turn;
  }
  return -1;
}
