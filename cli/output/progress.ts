/** Milliseconds before anything is shown: what is quick needs no word. */
const PATIENCE = 1000;

/** Milliseconds between two changes of the line. */
const INTERVAL = 100;

/** The part of a stream that progress is shown on. */
export interface Screen {
  readonly isTTY?: boolean;
  write(text: string): unknown;
}

/** One line on a terminal that says what takes so long; it is gone when disposed of, and nothing is ever written elsewhere than on a terminal. */
export class Progress implements Disposable {
  readonly #screen: Screen;
  readonly #now: () => number;
  /** Draws while nothing else is done than to wait. */
  readonly #timer: NodeJS.Timeout | undefined;
  #what = "";
  #next: number;
  #shown = false;

  /** @param now - milliseconds */
  constructor(screen: Screen = process.stderr, now: () => number = () => performance.now()) {
    this.#screen = screen;
    this.#now = now;
    this.#next = now() + PATIENCE;
    if (screen.isTTY === true) this.#timer = setInterval(() => this.#draw(), PATIENCE).unref();
  }

  /** Says what is being done; it is seen once it has taken long enough. */
  show(what: string): void {
    this.#what = what;
    this.#draw();
  }

  [Symbol.dispose](): void {
    clearInterval(this.#timer);
    if (this.#shown) this.#screen.write("\r\u001b[K");
    this.#shown = false;
  }

  #draw(): void {
    if (this.#screen.isTTY !== true || this.#now() < this.#next) return;
    this.#next = this.#now() + INTERVAL;
    this.#shown = true;
    this.#screen.write(`\r\u001b[K${this.#what}…`);
  }
}
