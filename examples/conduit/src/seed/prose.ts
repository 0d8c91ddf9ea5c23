import { shuffled, type Random } from "./random.ts";
import {
  bullets,
  comments,
  descriptions,
  headings,
  openings,
  sentences,
  snippets,
  titlePatterns,
  topics,
} from "./vocabulary.ts";

export interface Draft {
  readonly title: string;
  readonly description: string;
  /** Several paragraphs of Markdown, from one to four thousand characters. */
  readonly body: string;
}

export function writeArticle(random: Random): Draft {
  const subject = pickSubject(random);
  return {
    title: capitalise(fill(random.pick(titlePatterns), subject)),
    description: fill(random.pick(descriptions), subject),
    body: writeBody(random, subject),
  };
}

export function writeComment(random: Random): string {
  return fill(random.pick(comments), pickSubject(random));
}

/** Fills a phrase's blanks with topics of chance. */
export function writePhrase(random: Random, phrases: readonly string[]): string {
  return fill(random.pick(phrases), pickSubject(random));
}

interface Subject {
  readonly topic: string;
  readonly topic2: string;
  readonly n: number;
}

function pickSubject(random: Random): Subject {
  return { topic: random.pick(topics), topic2: random.pick(topics), n: random.between(3, 12) };
}

function writeBody(random: Random, subject: Subject): string {
  const sentence = createDeck(random, sentences);
  const bullet = createDeck(random, bullets);
  const paragraph = (): string =>
    Array.from({ length: random.between(2, 5) }, () => fill(sentence(), subject)).join(" ");
  const list = (): string => Array.from({ length: random.between(2, 4) }, () => `- ${bullet()}`).join("\n");

  const parts = [`${fill(random.pick(openings), subject)} ${paragraph()}`];
  const sections = random.between(2, 4);
  for (let section = 0; section < sections; section++) {
    parts.push(`## ${random.pick(headings)}`, paragraph());
    const extra = random.next();
    if (extra < 0.2) parts.push(random.pick(snippets));
    else if (extra < 0.45) parts.push(list());
    else if (extra < 0.6) parts.push(`> ${fill(sentence(), subject)}`);
    parts.push(paragraph());
  }
  return parts.join("\n\n");
}

/** Draws one after another in an order of chance, each once before any comes again. */
function createDeck<T>(random: Random, cards: readonly T[]): () => T {
  let order = shuffled(random, cards.length);
  let next = 0;
  return () => {
    if (next === order.length) [order, next] = [shuffled(random, cards.length), 0];
    return cards[order[next++]!]!;
  };
}

function fill(phrase: string, { topic, topic2, n }: Subject): string {
  if (!phrase.includes("{")) return phrase;
  return phrase
    .replace("{Topic}", capitalise(topic))
    .replace("{topic}", topic)
    .replace("{topic2}", topic2)
    .replace("{n}", String(n));
}

function capitalise(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
