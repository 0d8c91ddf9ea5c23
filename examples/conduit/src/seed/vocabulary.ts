/** The words that people, titles and articles are made of. */
const words = (text: string): readonly string[] => text.trim().split(/\s+/);
const phrases = (text: string): readonly string[] =>
  text
    .trim()
    .split("\n")
    .map((line) => line.trim());

export const firstNames = words(`
  ada alan amara anders anita ben bianca carlos chen clara dag dalia david dora edsger elena emil esther fatima felix
  frances george grace hana hedy hugo ines ivan jamila jean john jorge juno kaito katherine kofi lars leila lin linus
  mae margaret marta mei mila nadia niklaus noor olga omar otto paula priya quinn radia rafael rosa samir sofia tariq
  tim tove uma vera victor wei yara yusuf zoe`);

export const lastNames = words(`
  abbas alvarez andersson backus becker bose brandt cohen conway costa diaz dijkstra duarte eriksen ferrari fischer
  floyd garcia goldberg hamilton hansen hopper ito ivanova jansen johnson kapoor keller kim knuth kowalski lamport larsen
  liskov lopez lovelace martin mendes moreau mueller naur nguyen novak okafor olsen park patel perlman petrov ritchie
  rossi santos sato schmidt silva sokolov tanaka torvalds turing vogel wang weber wirth yamamoto zhang`);

export const topics = phrases(`
  connection pools
  database migrations
  feature flags
  code review
  rate limiting
  event sourcing
  caching
  pagination
  incident response
  API versioning
  background jobs
  type inference
  load testing
  query planning
  on-call rotations
  technical debt
  read replicas
  message queues
  structured logging
  graceful shutdown
  dependency upgrades
  pair programming
  schema design
  browser rendering
  retry budgets
  service discovery
  consistent hashing
  release notes
  full-text search
  remote work
  accessibility testing
  monorepos
  static analysis
  design documents
  backpressure
  distributed tracing
  data modelling
  memory profiling
  long-distance running
  sourdough baking
  urban gardening
  film photography
  chess openings
  travelling light`);

export const tags = words(`
  javascript typescript nodejs postgres webdev programming performance testing databases architecture devops react css
  security api docker linux git career productivity design kubernetes caching sql monitoring learning opensource
  refactoring debugging http graphql rust go python algorithms serverless cloud teamwork writing agile documentation
  observability scaling queues microservices monolith concurrency networking redis nginx ci cd tooling editors vim
  terminal regex html accessibility ux typography frontend backend fullstack mobile android ios swift kotlin java dotnet
  elixir haskell functional oop patterns ddd events streaming kafka data analytics statistics ai ml ethics privacy
  cryptography compilers wasm browsers games graphics hardware iot robotics math history books travel food running
  music`);

export const titlePatterns = phrases(`
  What nobody tells you about {topic}
  A field guide to {topic}
  {Topic}, explained with a whiteboard
  How we got {topic} wrong twice
  The quiet cost of {topic}
  {Topic} for people in a hurry
  Notes on {topic} after {n} years
  {n} lessons from {topic}
  Why I changed my mind about {topic}
  Rethinking {topic} at a small company
  {Topic} without tears
  The case against {topic}
  What {topic} taught me about {topic2}
  From {topic2} to {topic} in {n} weeks
  {Topic} versus {topic2}: a fair comparison
  A beginner's mistakes with {topic}`);

export const descriptions = phrases(`
  A practical look at {topic}, with the parts that went wrong left in.
  We measured before and after, and the numbers were not what anybody expected.
  Everything I wish somebody had told me about {topic} when I started.
  A short story about {topic}, a long weekend, and a very small change.
  Three approaches to {topic}, what each costs, and when to pick which.
  The habits that made {topic} boring again, which is the highest praise I know.`);

export const openings = phrases(`
  It started, as these things do, with a graph that went the wrong way on a Friday afternoon.
  For years I told everybody who asked that {topic} was a solved problem. I was wrong.
  Our team is small, and so is our budget, which makes {topic} more interesting than it sounds.
  I kept a notebook while we worked on {topic}. This is the short version of it.
  There is no shortage of advice about {topic}, and most of it contradicts the rest.
  The first version took an afternoon to write and eight months to get rid of.`);

export const sentences = phrases(`
  The simplest thing that could work turned out to be the thing that worked.
  We wrote down what we expected before we measured, and that alone changed the conversation.
  Most of the time went into a part that nobody had on the plan.
  If you take one thing from this, let it be that {topic} is about people as much as about tools.
  A colleague asked why we did it that way, and none of us could remember.
  It helps to ask what happens on the worst day instead of the average one.
  The documentation said one thing, the code did another, and the users relied on both.
  Nothing here is new, but putting it next to {topic2} makes it easier to see.
  We tried the clever approach first, and it failed in a way that was hard to explain.
  Half of the improvement came from deleting things.
  That number looks small until you multiply it by every request of a busy day.
  Small steps won: each could be undone, and two of them were.
  I used to think of {topic} as plumbing, until the water stopped.
  The second attempt was slower on paper and faster in practice.
  What we lacked was not skill but a way to notice that something had changed.
  Once the feedback came within minutes instead of days, the arguments stopped.
  A checklist feels childish until the night it saves you.
  There was a moment when we considered starting over, and I am glad we did not.
  Every default is a decision that somebody made without knowing your situation.
  The tail of the distribution is where your most loyal users live.
  We kept the old path alive for a month, and it paid for itself in the first week.
  You can borrow ideas from {topic2} here, with some care.
  It is tempting to automate this at once; do it by hand three times first.
  The bug had been there since the beginning, waiting for enough traffic to matter.
  Ask for the smallest example that still fails, and you will often find the cause on the way.
  No single change made the difference, which is why it is so hard to tell as a story.
  Somebody will have to read this at three in the morning, so we wrote it for them.
  In the end the fix was one line, and finding that line took two weeks.`);

export const headings = phrases(`
  What we started with
  The first attempt
  What the numbers said
  Where it went wrong
  A smaller idea
  What changed
  The part about people
  Trade-offs
  If you try this yourself
  What I would do differently`);

export const bullets = phrases(`
  Measure before you touch anything.
  Change one thing at a time, and write down which.
  Make the failure visible before you make it rare.
  Prefer the boring option when both would do.
  Delete the flag once the decision is made.
  Put a limit on everything that can grow.
  Talk to whoever is on call.
  Keep the old way around until nobody misses it.
  Read the error message, twice.
  Leave it better documented than you found it.`);

export const snippets = [
  "```ts\nconst deadline = AbortSignal.timeout(2_000);\nconst response = await fetch(url, { signal: deadline });\nif (!response.ok) throw new Error(`upstream answered ${response.status}`);\n```",
  "```sql\nselect author_id, count(*)\nfrom articles\nwhere created_at > now() - interval '7 days'\ngroup by author_id\norder by count(*) desc\nlimit 10;\n```",
  "```ts\nfunction* batches<T>(items: readonly T[], size: number) {\n  for (let i = 0; i < items.length; i += size) yield items.slice(i, i + size);\n}\n```",
  "```sh\ngit bisect start\ngit bisect bad HEAD\ngit bisect good v1.4.0\ngit bisect run npm test\n```",
] as const;

export const comments = phrases(`
  This is exactly what we ran into last month. Thank you for writing it down.
  I am not convinced by the second part, but the conclusion holds.
  Could you say more about how you measured this?
  We tried the same and had to go back after a week. What did you do about the long tail?
  Bookmarked for the next time somebody asks me about {topic}.
  The checklist alone was worth the read.
  Small correction: the default changed two versions ago.
  I have sent this to my whole team.
  How does this compare with {topic2}?
  Honest write-ups like this one are far too rare.
  I laughed at the part about three in the morning, because it was me.
  Great article! A follow-up on {topic} would be welcome.`);

export const bios = phrases(`
  Backend engineer. Writes about {topic} and, on Sundays, about bread.
  I like small teams, long walks and {topic}.
  Recovering perfectionist. Currently learning about {topic}.
  Building tools for people who build tools.
  Once fixed a bug in {topic} by going to bed.
  Teacher turned programmer. Questions are welcome.`);
