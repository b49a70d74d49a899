import { signal } from '@preact/signals';
import { api } from '../api/client.ts';
import { on } from '../api/events.ts';
import { failureOf } from '../api/http.ts';
import type { Comparison, Failure, Tally } from '../api/types.ts';
import { keep, messageOf, onGap } from './messages.ts';

export const comparisons = signal<Comparison[]>([]);
export const tally = signal<Tally[]>([]);
export const comparisonsFailure = signal<Failure | null>(null);

export const CATEGORIES = ['general', 'writing', 'code', 'math', 'reasoning', 'knowledge', 'translation', 'other'] as const;
export type Category = (typeof CATEGORIES)[number];

export const comparisonOf = (id: string | null): Comparison | undefined => comparisons.value.find((one) => one.id === id);

export async function readComparisons(): Promise<void> {
  try {
    const page = await api.comparisons();
    comparisons.value = page.comparisons;
    tally.value = page.tally;
    comparisonsFailure.value = null;
  } catch (error) {
    comparisonsFailure.value = failureOf(error);
  }
}

/** One whole comparison, its answers' text too. */
export async function readComparison(id: string): Promise<void> {
  try {
    keepComparison(await api.comparison(id), true);
    comparisonsFailure.value = null;
  } catch (error) {
    comparisonsFailure.value = failureOf(error);
  }
}

export function keepComparison(comparison: Comparison, whole: boolean): void {
  const index = comparisons.value.findIndex((one) => one.id === comparison.id);
  comparisons.value = index < 0 ? [comparison, ...comparisons.value] : comparisons.value.with(index, comparison);
  for (const { answer } of comparison.sides) {
    if (whole || !messageOf(answer.id)) keep(answer);
  }
}

on('comparison', (comparison) => keepComparison(comparison, false));
onGap((message) => {
  const of = comparisons.peek().find((one) => one.sides.some((side) => side.answer.id === message.id));
  if (of) void readComparison(of.id);
});
