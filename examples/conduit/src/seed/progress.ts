/** Shows how far long work has come: one line that redraws itself on a terminal, a line for each step elsewhere. */
export interface Progress {
  /** Begins a step of so many units. */
  step(name: string, units: number): void;
  advance(units: number): void;
  /** Ends the last step, and clears the way for other output. */
  end(): void;
}

export interface ProgressOutput {
  readonly isTTY?: boolean;
  write(text: string): unknown;
}

const width = 30;
const redrawMs = 50;

/** @param total Units of all steps together. */
export function createProgress(output: ProgressOutput, total: number): Progress {
  let [name, done, drawnAt] = ["", 0, 0];

  function draw(): void {
    const share = Math.min(1, done / total);
    const bar = "#".repeat(Math.round(share * width)).padEnd(width, "-");
    // Back to the start of the line, and clear what is longer there.
    output.write(`\r[${bar}] ${String(Math.floor(share * 100)).padStart(3)} %  ${name}\u001B[K`);
    drawnAt = performance.now();
  }

  return {
    step(nextName, units) {
      name = nextName;
      if (output.isTTY) draw();
      else output.write(`${name}: ${units.toLocaleString("en")}\n`);
    },
    advance(units) {
      done += units;
      if (output.isTTY && performance.now() - drawnAt >= redrawMs) draw();
    },
    end() {
      if (output.isTTY) output.write("\r\u001B[K");
    },
  };
}
