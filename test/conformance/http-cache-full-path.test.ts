import { test } from "node:test";
import { playCase } from "./http-cache/case-player.ts";
import { cacheCases } from "./http-cache/cases.ts";

for (const each of Object.values(cacheCases).flat()) test(`${each.section}: ${each.name}`, () => playCase(each, false));
