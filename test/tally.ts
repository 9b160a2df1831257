import { relative } from "node:path";
import type { EventData } from "node:test";

/** Begins a diagnostic that the closing screen repeats: what a port of the scenario reached. */
export const scenarioMark = "Scenario: ";

/** Counts over several runs of the test runner, with one closing summary. */
export class Tally {
  #passed = 0;
  #failed = 0;
  #skipped = 0;
  readonly #failures: string[] = [];
  readonly #scenario: string[] = [];

  add(counts: EventData.TestSummary["counts"]): void {
    const skipped = counts.skipped + counts.todo;
    this.#passed += counts.passed;
    this.#skipped += skipped;
    this.#failed += counts.tests - counts.passed - skipped;
  }

  failure(event: EventData.TestFail): void {
    // A suite fails because a test in it does: naming the test is enough.
    if (event.details.error.cause !== undefined && event.details.type === "suite") return;
    this.#failures.push(`${relative(process.cwd(), event.file ?? "")}:${event.line ?? 0} ${event.name}`);
  }

  note({ message }: EventData.TestDiagnostic): void {
    if (message.startsWith(scenarioMark)) this.#scenario.push(message.slice(scenarioMark.length));
  }

  /** What tests stand on could not be made, so none of them ran. */
  setUpFailed(what: string, error: unknown): void {
    this.#failed += 1;
    this.#failures.push(`Setting up ${what}: ${error instanceof Error ? error.message : String(error)}`);
  }

  /** Prints the summary and tells the exit code: a run in which nothing ran has failed. */
  report(): number {
    if (this.#scenario.length > 0) {
      console.log(`\nThe scenario, on a cluster that is gone again:\n${indented(this.#scenario)}`);
      console.log("To have it for yourself, with how to try it and to look at it: npm run local");
    }
    if (this.#failures.length > 0) console.log(`\nFailed:\n${indented(this.#failures)}`);
    console.log(`\n${this.#passed} passed, ${this.#failed} failed, ${this.#skipped} skipped`);
    return this.#failed > 0 || this.#passed === 0 ? 1 : 0;
  }
}

function indented(lines: readonly string[]): string {
  return lines.map((line) => `  ${line}`).join("\n");
}
