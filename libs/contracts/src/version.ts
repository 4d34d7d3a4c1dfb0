/** Version of the shop as a whole: its processes and documents are released together. */
export const VERSION = '0.1.0';
