/** A line that an instance has printed. */
export interface LogLine {
  /** Epoch milliseconds at which it was read. */
  readonly at: number;
  readonly service: string;
  readonly instance: string;
  /** Without its end. Colours are kept, every other control character is gone: it is safe to show in a terminal. */
  readonly text: string;
}

/** Which lines. */
export interface LogFilter {
  readonly service?: string;
  readonly instance?: string;
}

export function matches({ service, instance }: LogFilter, line: Pick<LogLine, "service" | "instance">): boolean {
  return (service === undefined || service === line.service) && (instance === undefined || instance === line.instance);
}
