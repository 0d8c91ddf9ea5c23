import type { IncomingMessage, ServerResponse } from "node:http";
import type { ResolvedStatic } from "../config/index.ts";
import { fieldValue, readCodingWeights, readWeights } from "../http/index.ts";
import { cachePolicy } from "./cache-policy.ts";
import { answerWithFile } from "./file-answer.ts";
import { findFile } from "./find-file.ts";
import { lifetimeOf } from "./lifetime.ts";
import { hasKnownExtension } from "./media-type.ts";
import { denied, malformedPath, noFile } from "./problems.ts";
import { represent, type Workshop } from "./representation.ts";
import { type FilePath, readRequestPath } from "./request-path.ts";
import { sendProblem } from "./send-problem.ts";

/** Answers a GET or HEAD. All that was opened for it is closed, however it ends. @param site its directory without symbolic links */
export async function answerRequest(
  req: IncomingMessage,
  res: ServerResponse,
  site: ResolvedStatic,
  workshop: Workshop,
): Promise<void> {
  const path = readRequestPath(req.url!, site);
  if ("refused" in path) return sendProblem(req, res, path.refused === 400 ? malformedPath : noFile);
  await using opened = new AsyncDisposableStack();
  const found = await findFile(site, site.directory, path, wantsPage(req, path));
  if ("missing" in found) return sendProblem(req, res, found.missing === "denied" ? denied : noFile);
  if ("location" in found) {
    // 308 keeps the method; a browser that kept it for good would not see that the directory has become a file.
    const fields = ["Location", found.location, "Content-Length", "0", ...cachePolicy("ask")];
    return void res.writeHead(308, fields).end();
  }
  opened.use(found.file);
  const { names, file, isFallback } = found;
  const weightOf = readCodingWeights(fieldValue(req.rawHeaders, "accept-encoding"));
  const original = { root: site.directory, names, file, compress: site.compress };
  const representation = await represent(original, weightOf, workshop, opened);
  const facts = { lifetime: lifetimeOf(site.immutable, path.path, found), isFallback };
  await answerWithFile(req, res, representation, facts, workshop.compressor);
}

/** Somebody opened it in a browser: scripts, images and calls of an API do not ask for HTML by name, and a file's extension says it is none. */
function wantsPage(req: IncomingMessage, { names, isFolder }: FilePath): boolean {
  if (!isFolder && hasKnownExtension(names.at(-1) ?? "")) return false;
  return readWeights(fieldValue(req.rawHeaders, "accept") ?? "").some(
    ({ name, weight }) => (name === "text/html" || name === "application/xhtml+xml") && weight > 0,
  );
}
