import type { Report, RowReport } from "../../bench/support/report.ts";

/**
 * Requests per second of everybody, row by row, as bars. Text and bars take their colours from what the reader's system prefers; there is no
 * background, so that the page's own shows.
 */
export function gatewayChart({ rows }: Report): string {
  const panels = charted.flatMap((name) => (rows[name] === undefined ? [] : [panelOf(rows[name])]));
  const placed = place(panels);
  const height = Math.max(...placed.map(({ y, panel }) => y + heightOf(panel)), captionHeight);
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" role="img" aria-labelledby="title">`,
    `<title id="title">Requests per second on one core: Tenfold's gateway beside other proxies</title>`,
    `<style>${style}</style>`,
    `<text class="ratio" y="12">Requests per second on one core, and how many times those of nginx over TCP.</text>`,
    ...placed.flatMap(({ x, y, panel }) => [`<g transform="translate(${x} ${y})">`, ...draw(panel), "</g>"]),
    "</svg>",
    "",
  ].join("\n");
}

/** Rows in which many do the same. */
const charted = [
  "json",
  "unix-sockets",
  "answers-10k",
  "answers-100k",
  "post",
  "headers",
  "headers-varying",
  "new-connections",
];

const width = 960;
const columnWidth = 460;
const labelWidth = 220;
const barWidth = 130;
const lineHeight = 21;
const headHeight = 30;
const gap = 20;
const captionHeight = 32;

const style = `
  :root { color-scheme: light dark }
  text { font: 12px system-ui, sans-serif; fill: #1f2328 }
  .head { font-weight: 600; font-size: 13px }
  .own { font-weight: 600 }
  .ratio { fill: #59636e }
  rect { fill: #aab1ba }
  rect.own { fill: #0969da }
  @media (prefers-color-scheme: dark) {
    text { fill: #f0f6fc }
    .ratio { fill: #9198a1 }
    rect { fill: #59616b }
    rect.own { fill: #4493f8 }
  }
`;

interface Panel {
  readonly title: string;
  readonly bars: readonly Bar[];
}

interface Bar {
  readonly name: string;
  readonly perSecond: number;
  /** Of the best in the panel. */
  readonly share: number;
  readonly ofNginx: number | undefined;
}

function panelOf({ title, results }: RowReport): Panel {
  const shown = Object.entries(results)
    .filter(([name]) => !name.endsWith(", again"))
    .map(([name, figures]) => ({ name, perSecond: figures["requestsPerSecond"]! }))
    .toSorted((a, b) => b.perSecond - a.perSecond);
  const nginx = results["nginx"]?.["requestsPerSecond"];
  const bars = shown.map(({ name, perSecond }) => ({
    name,
    perSecond,
    share: perSecond / shown[0]!.perSecond,
    ofNginx: nginx === undefined ? undefined : perSecond / nginx,
  }));
  return { title, bars };
}

function heightOf({ bars }: Panel): number {
  return headHeight + bars.length * lineHeight;
}

/** Two beside each other. */
function place(panels: readonly Panel[]): { readonly x: number; readonly y: number; readonly panel: Panel }[] {
  let y = captionHeight;
  return panels.map((panel, index) => {
    const isLeft = index % 2 === 0;
    if (isLeft && index > 0) y += Math.max(heightOf(panels[index - 2]!), heightOf(panels[index - 1]!)) + gap;
    return { x: isLeft ? 0 : width - columnWidth, y, panel };
  });
}

function draw({ title, bars }: Panel): string[] {
  const head = `<text class="head" y="16">${escape(title)}</text>`;
  const lines = bars.flatMap(({ name, perSecond, share, ofNginx }, index) => {
    const y = headHeight + index * lineHeight;
    const own = name.startsWith("tenfold") ? ` class="own"` : "";
    const end = labelWidth + Math.max(1, Math.round(share * barWidth));
    const ratio = ofNginx === undefined ? "" : ` <tspan class="ratio">${ofNginx.toFixed(2)} ×</tspan>`;
    return [
      `<text${own} y="${y + 11}">${escape(name)}</text>`,
      `<rect${own} x="${labelWidth}" y="${y}" width="${end - labelWidth}" height="14" rx="2"/>`,
      `<text x="${end + 6}" y="${y + 11}">${Math.round(perSecond).toLocaleString("en")}${ratio}</text>`,
    ];
  });
  return [head, ...lines];
}

function escape(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
}
