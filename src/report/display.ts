import { Writable } from 'node:stream';
import { MultiBar } from 'cli-progress';
import type { Output } from './reporter.js';

/**
 * Lines that are drawn again and again at the foot of a terminal, and text printed above them: cli-progress' MultiBar,
 * made to draw any lines.
 *
 * Ten times a second the lines are asked for and drawn over the old ones. A frame reaches the terminal in one write,
 * so that it never shows half of one. When the number of lines changes (another size of the terminal), the bars are
 * taken down and set up again between two frames. Knows nothing of runs.
 */
export class Display {
  readonly #output: Output;
  readonly #stream: FrameStream;
  readonly #makeLines: () => readonly string[];
  #lines: readonly string[] = [];
  #bars: MultiBar | undefined;
  #drawn = 0;
  #closed = false;
  #error: Error | undefined;

  /** No line may be wider than the terminal. */
  constructor(output: Output, makeLines: () => readonly string[]) {
    this.#output = output;
    this.#stream = new FrameStream(output);
    this.#makeLines = makeLines;
  }

  /**
   * Begins drawing, the first frame in a tenth of a second; harmless when it has begun. Throws what went wrong in a
   * frame since: frames are drawn by a timer, where nobody else would hear of it.
   */
  open(): void {
    if (this.#error !== undefined) throw this.#error;
    if (this.#closed || this.#bars !== undefined) return;
    this.#lines = this.#makeLines();
    this.#setUp();
  }

  /** Above the lines, with the next frame. */
  print(text: string): void {
    if (this.#bars === undefined) this.#output.write(`${text}\n`);
    else this.#bars.log(`${CLEAR_BELOW}${WRAP_ON}${text}\n${WRAP_OFF}`);
  }

  /** Prints what waits for a frame, clears the lines, shows the cursor. */
  close(): void {
    this.#closed = true;
    this.#bars?.update();
    this.#takeDown();
  }

  #setUp(): void {
    const multibar = new MultiBar({
      stream: this.#stream,
      fps: FRAMES_PER_SECOND,
      hideCursor: true,
      linewrap: false,
      clearOnComplete: true,
      // Otherwise it leaves out lines that did not change, and what is printed above would tear them.
      forceRedraw: true,
    });
    multibar.on('update-pre', () => {
      this.#stream.cork();
      this.#refresh();
    });
    multibar.on('update-post', () => {
      this.#stream.uncork();
      this.#afterFrame(multibar);
    });
    // The numbers mean nothing here: each bar is one line, and `format` is what it says.
    this.#drawn = this.#lines.length;
    for (let index = 0; index < this.#drawn; index++) {
      multibar.create(1, 0, {}, { format: () => this.#lines[index] ?? '' });
    }
    this.#bars = multibar;
  }

  #refresh(): void {
    try {
      this.#lines = this.#makeLines();
    } catch (error) {
      this.#error ??= error instanceof Error ? error : new Error(String(error));
    }
  }

  /** The one moment at which bars may come and go: nothing is half drawn, and the next frame is not yet due. */
  #afterFrame(multibar: MultiBar): void {
    if (this.#bars !== multibar || this.#closed) return;
    if (this.#error !== undefined) this.#takeDown();
    else if (this.#lines.length !== this.#drawn) {
      this.#takeDown();
      this.#setUp();
    }
  }

  #takeDown(): void {
    const multibar = this.#bars;
    if (multibar === undefined) return;
    this.#bars = undefined;
    this.#stream.cork();
    multibar.stop();
    this.#stream.uncork();
  }
}

const FRAMES_PER_SECOND = 10;

/** Long text wraps, lines never do: what cli-progress switches off for its bars is on while text is printed. */
const CLEAR_BELOW = '\x1b[J';
const WRAP_ON = '\x1b[?7h';
const WRAP_OFF = '\x1b[?7l';

/** What cli-progress takes for a terminal. While corked it collects, then writes all in one. */
class FrameStream extends Writable {
  readonly isTTY = true;
  readonly #output: Output;

  constructor(output: Output) {
    super({ decodeStrings: false });
    this.#output = output;
  }

  override _write(chunk: string, _encoding: BufferEncoding, done: () => void): void {
    this.#output.write(chunk);
    done();
  }

  override _writev(chunks: readonly { chunk: string }[], done: () => void): void {
    this.#output.write(chunks.map(({ chunk }) => chunk).join(''));
    done();
  }
}
