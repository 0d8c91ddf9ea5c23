/** What of package.json says how a project runs. */
export interface PackageJson {
  readonly scripts: Readonly<Record<string, string>>;
  /** Every dependency, of whatever kind. */
  readonly dependencies: ReadonlySet<string>;
  readonly main: string | undefined;
  readonly hasWorkspaces: boolean;
}

/** Reads leniently: what is not as it should be counts as not there. */
export function parsePackageJson(text: string): PackageJson {
  const json = toRecord(tryParse(text));
  const kinds = ["dependencies", "devDependencies", "optionalDependencies"];
  const scripts = Object.entries(toRecord(json["scripts"])).filter(
    (entry): entry is [string, string] => typeof entry[1] === "string",
  );
  return {
    scripts: Object.fromEntries(scripts),
    dependencies: new Set(kinds.flatMap((kind) => Object.keys(toRecord(json[kind])))),
    main: typeof json["main"] === "string" ? json["main"] : undefined,
    hasWorkspaces: json["workspaces"] !== undefined,
  };
}

function tryParse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function toRecord(value: unknown): Record<string, unknown> {
  return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
}
