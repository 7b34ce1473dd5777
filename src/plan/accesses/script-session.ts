import type { Mentions } from './mentions.js';

/**
 * What the statements of one script have set up in their session so far, as far as it decides what later ones mean:
 * search_path, the role, session_replication_role, prepared statements and cursors. Settings made in a transaction go back
 * with it, those behind a savepoint with the savepoint (src/backend/utils/misc/guc.c, AtEOXact_GUC).
 */
export class ScriptSession {
  /** Undefined: nobody knows; names are then not resolved. */
  path: readonly string[] | undefined;
  /** Set by SET ROLE or SET SESSION AUTHORIZATION; undefined: who connected. */
  role: string | undefined;
  /** session_replication_role is replica for certain: foreign keys are not looked after. */
  isReplica = false;
  readonly prepared = new Map<string, Mentions>();
  readonly cursors = new Map<string, Mentions>();
  /** Temporary tables that go when the block that is open commits: ON COMMIT DROP. */
  readonly droppedAtCommit = new Set<number>();
  readonly #start: readonly string[];
  /** A frame for the block, and one for each savepoint in it. */
  readonly #frames: Frame[] = [];
  #now: ScriptSession | undefined;
  #key: (Settings & { readonly names: string }) | undefined;

  constructor(path: readonly string[]) {
    this.#start = path;
    this.path = path;
  }

  /** The same state, for itself. */
  copy(): ScriptSession {
    const copy = new ScriptSession(this.#start);
    copy.path = this.path;
    copy.role = this.role;
    copy.isReplica = this.isReplica;
    for (const [name, mentions] of this.prepared) copy.prepared.set(name, mentions);
    for (const [name, mentions] of this.cursors) copy.cursors.set(name, mentions);
    for (const id of this.droppedAtCommit) copy.droppedAtCommit.add(id);
    copy.#frames.push(...this.#frames);
    copy.#lasting = this.#lasting;
    copy.#hasLocal = this.#hasLocal;
    return copy;
  }

  /** A copy that nobody is to change: most statements do nothing to their session, and share one. */
  now(): ScriptSession {
    if (this.#now === undefined || !this.#isAs(this.#now)) this.#now = this.copy();
    return this.#now;
  }

  /** As far as a glance tells. */
  #isAs(other: ScriptSession): boolean {
    return (
      this.path === other.path &&
      this.role === other.role &&
      this.isReplica === other.isReplica &&
      this.#lasting === other.#lasting &&
      this.#hasLocal === other.#hasLocal &&
      this.#isBare &&
      other.#isBare
    );
  }

  get #isBare(): boolean {
    return this.prepared.size + this.cursors.size + this.droppedAtCommit.size + this.#frames.length === 0;
  }

  /** Equal where statements touch the same. */
  get key(): string {
    const { path, role, isReplica, isInBlock } = this;
    let known = this.#key;
    if (known === undefined || known.path !== path || known.role !== role)
      known = { path, role, names: `${path?.join() ?? '?'} ${role ?? ''}` };
    this.#key = known;
    return `${known.names} ${isReplica} ${isInBlock}`;
  }

  get isInBlock(): boolean {
    return this.#frames.length > 0;
  }

  begin(catalogMark: number): void {
    if (!this.isInBlock) this.#push('', catalogMark);
  }

  savepoint(name: string, catalogMark: number): void {
    if (this.isInBlock) this.#push(name, catalogMark);
  }

  release(name: string): void {
    const at = this.#find(name);
    if (at > 0) this.#frames.splice(at);
  }

  /** The mark of the catalog to go back to; undefined: there is no such savepoint. */
  rollbackTo(name: string): number | undefined {
    const at = this.#find(name);
    const frame = at > 0 ? this.#frames[at] : undefined;
    if (frame === undefined) return undefined;
    this.#frames.splice(at + 1);
    this.#restore(frame);
    return frame.catalogMark;
  }

  rollback(): number | undefined {
    const [frame] = this.#frames.splice(0);
    if (frame !== undefined) this.#restore(frame);
    return frame?.catalogMark;
  }

  /** What SET LOCAL set is gone; the rest stays. */
  commit(): void {
    const [first] = this.#frames.splice(0);
    if (first === undefined || !this.#hasLocal) return;
    this.#hasLocal = false;
    this.path = this.#lasting.path;
    this.role = this.#lasting.role;
  }

  setPath(path: readonly string[] | undefined, isLocal: boolean): void {
    this.#beforeSetting(isLocal);
    this.path = path ?? this.#start;
    if (!isLocal) this.#lasting = { ...this.#lasting, path: this.path };
  }

  /** A value that is known only when it runs. */
  losePath(): void {
    this.path = undefined;
    this.isReplica = false;
    this.#lasting = { ...this.#lasting, path: undefined };
  }

  setRole(role: string | undefined, isLocal: boolean): void {
    this.#beforeSetting(isLocal);
    this.role = role;
    if (!isLocal) this.#lasting = { ...this.#lasting, role };
  }

  resetAll(): void {
    this.isReplica = false;
    this.setPath(undefined, false);
    this.#lasting = { path: this.path, role: this.role };
  }

  /** What will be in force when the block commits. */
  #lasting: Settings = { path: undefined, role: undefined };
  #hasLocal = false;

  #beforeSetting(isLocal: boolean): void {
    if (!this.#hasLocal) this.#lasting = { path: this.path, role: this.role };
    if (isLocal) this.#hasLocal = true;
  }

  #push(name: string, catalogMark: number): void {
    const { path, role } = this;
    const [lasting, hasLocal] = [this.#lasting, this.#hasLocal];
    this.#frames.push({ name, catalogMark, path, role, lasting, hasLocal });
  }

  /** What session_replication_role is again, is not looked at. */
  #restore(frame: Frame): void {
    this.isReplica = false;
    this.path = frame.path;
    this.role = frame.role;
    this.#lasting = frame.lasting;
    this.#hasLocal = frame.hasLocal;
  }

  #find(name: string): number {
    return this.#frames.findLastIndex((frame) => frame.name === name);
  }
}

interface Settings {
  readonly path: readonly string[] | undefined;
  readonly role: string | undefined;
}

interface Frame extends Settings {
  readonly name: string;
  readonly catalogMark: number;
  readonly lasting: Settings;
  readonly hasLocal: boolean;
}
