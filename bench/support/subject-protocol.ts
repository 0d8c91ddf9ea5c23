/** What a measurement and a process under measurement say to each other, over Node's IPC channel. */
export interface ToSubject {
  readonly ask: string;
}

export type FromSubject = { readonly type: "listening" } | { readonly type: "answer"; readonly value: unknown };

/** In the process: says that it listens, and answers whoever started it, with whom it ends. */
export function answerAsks<Answers>(answers: {
  readonly [K in keyof Answers]: () => Answers[K] | Promise<Answers[K]>;
}): void {
  const send = (message: FromSubject): void => void process.send!(message);
  process.on("message", ({ ask }: ToSubject) => {
    const answer = async (): Promise<void> => send({ type: "answer", value: await answers[ask as keyof Answers]() });
    void answer();
  });
  process.on("disconnect", () => process.exit());
  send({ type: "listening" });
}
