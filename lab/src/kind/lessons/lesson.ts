/** What a lesson is given. */
export interface LessonOptions {
  /** Of the ingress on this machine. */
  port: number;
  /** How long orders are placed before and after what is shown. */
  asideMs: number;
  /** What was seen, for good. */
  print: (text: string) => void;
  /** What happens now. */
  onProgress: (message: string) => void;
}

/** Shows one thing that a cluster does by itself; rejects when it did not. */
export type Lesson = (options: LessonOptions) => Promise<void>;
