/** What one check of `tenfold doctor` found. */
export interface Finding {
  readonly check: string;
  readonly verdict: "ok" | "warning" | "problem";
  /** What was found, in a few words. */
  readonly found: string;
  /** What to do; missing when all is well. */
  readonly fix?: string;
  /** The numbers behind it, for programs. */
  readonly facts?: Readonly<Record<string, number>>;
}

export const ok = (check: string, found: string): Finding => ({ check, verdict: "ok", found });

export const warning = (check: string, found: string, fix: string): Finding => ({
  check,
  verdict: "warning",
  found,
  fix,
});

export const problem = (check: string, found: string, fix: string): Finding => ({
  check,
  verdict: "problem",
  found,
  fix,
});
