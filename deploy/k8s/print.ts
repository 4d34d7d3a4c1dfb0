/** Writes to the standard output; resolves when all is written, or when whoever reads has read enough (`| head`). */
export function print(text: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const ended = (error?: NodeJS.ErrnoException | null): void => {
      if (error === undefined || error === null || error.code === 'EPIPE') resolve();
      else reject(error);
    };
    process.stdout.on('error', ended);
    process.stdout.write(text, ended);
  });
}
