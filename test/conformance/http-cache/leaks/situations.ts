import type { Town } from "./town.ts";

/** Ways in which users meet at one URL. */
export const situations: Readonly<Record<string, (town: Town) => Promise<unknown>>> = {
  "one after the other": async (town) => {
    for (const user of ["anna", "bert", "anna", "carl", "bert"]) await town.told(user);
  },
  "at the same moment": async (town) => {
    town.origin.pace = "held";
    for (const user of ["anna", "bert", "carl", "bert", "anna"]) town.ask(user);
    await town.untilWaiting(1);
    town.origin.release(1);
    await town.settle();
    town.ask("dora");
    await town.settle();
  },
  "at the same moment, and the last is answered first": async (town) => {
    town.origin.pace = "held";
    town.ask("anna");
    await town.untilWaiting(1);
    town.ask("bert");
    await town.settle();
    town.origin.pace = "at once";
    await town.settle();
    town.ask("carl");
    await town.settle();
  },
  "the first leaves before he is answered": async (town) => {
    town.origin.pace = "held";
    const first = town.ask("anna");
    await town.untilWaiting(1);
    town.ask("bert");
    town.ask("carl");
    await town.settle();
    first.leave();
    await town.settle();
  },
  "the first leaves in the middle of his answer": async (town) => {
    town.origin.pace = "slow";
    const first = town.ask("anna");
    await town.untilWaiting(1);
    town.ask("bert");
    await first.head();
    first.leave();
    await town.settle();
    town.ask("carl");
    await town.settle();
  },
  "one comes in the middle of another's slow answer": async (town) => {
    town.origin.pace = "slow";
    const first = town.ask("anna");
    await town.untilWaiting(1);
    await first.head();
    town.ask("bert");
    await town.settle();
    town.ask("carl", { method: "HEAD" });
    town.ask("dora", { fields: [["Range", "bytes=0-9"]] });
    await town.settle();
  },
  "the answer comes in chunks": async (town) => {
    town.origin.framing = "chunked";
    await situations["one comes in the middle of another's slow answer"]!(town);
  },
  "the answer ends with its connection": async (town) => {
    town.origin.framing = "close";
    await situations["one comes in the middle of another's slow answer"]!(town);
  },
  "HEAD and GET": async (town) => {
    await town.told("anna");
    await town.told("bert", { method: "HEAD" });
    await town.told("bert");
    await town.told("anna", { method: "HEAD" });
    await town.told("carl", { method: "HEAD" });
  },
  "HEAD and GET at the same moment": async (town) => {
    town.origin.pace = "held";
    town.ask("anna", { method: "HEAD" });
    town.ask("bert");
    town.ask("carl", { method: "HEAD" });
    await town.untilWaiting(1);
  },
  ranges: async (town) => {
    await town.told("anna");
    await town.told("bert", { fields: [["Range", "bytes=0-9"]] });
    await town.told("carl", { fields: [["Range", "bytes=-9"]] });
    await town.told("anna", { fields: [["Range", "bytes=0-9, 20-29"]] });
  },
  "somebody claims to have what is another's": async (town) => {
    await town.told("anna");
    await town.told("bert", { fields: [["If-None-Match", "*"]] });
    await town.told("carl", { fields: [["If-Modified-Since", "Fri, 20 Nov 2099 12:00:00 GMT"]] });
    await town.told("bert", {
      fields: [
        ["Range", "bytes=0-9"],
        ["If-Range", '"x"'],
      ],
    });
  },
  "somebody takes what is stale": async (town) => {
    await town.told("anna");
    town.clock.advance(90_000);
    await town.told("bert", { fields: [["Cache-Control", "max-stale"]] });
    await town.told("carl", { fields: [["Cache-Control", "only-if-cached, max-stale"]] });
  },
  "what is stale is asked about, by one, by the other, by both": async (town) => {
    await town.told("anna");
    town.clock.advance(90_000);
    await town.told("bert");
    await town.told("anna");
    town.clock.advance(200_000);
    town.origin.pace = "held";
    for (const user of ["carl", "anna", "bert"]) town.ask(user);
    await town.settle();
    town.origin.release();
    await town.settle();
    town.origin.pace = "at once";
    town.origin.release();
    for (const user of ["anna", "bert", "carl"]) await town.told(user);
  },
  "the origin fails, and something might stand in": async (town) => {
    await town.told("anna");
    town.clock.advance(90_000);
    town.origin.isDown = true;
    await town.told("bert");
    await town.told("anna");
    await town.told("carl", { method: "HEAD" });
  },
  "one wants nothing stored": async (town) => {
    await town.told("anna", { fields: [["Cache-Control", "no-store"]] });
    await town.told("bert");
    await town.told("carl", { fields: [["Cache-Control", "no-cache"]] });
    await town.told("anna");
  },
  "one changes it, as others ask": async (town) => {
    town.origin.pace = "held";
    town.ask("anna");
    await town.untilWaiting(1);
    town.ask("bert", { method: "DELETE" });
    town.ask("carl");
    await town.untilWaiting(2);
    town.origin.release();
  },
};
