/** A column of this name stands for :chunk in the text that is parsed. */
export const CHUNK_MARKER = 'pqrun chunk';
