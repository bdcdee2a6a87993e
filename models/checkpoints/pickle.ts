// A reader of the part of Python's pickle language that PyTorch writes: a stack machine whose every instruction is on a
// list, with values that are data alone (pickle-values.ts). Instructions by their names in CPython's Lib/pickletools.py.
import { MaskletError } from "#protocol/errors.ts";
import { limits } from "#protocol/limits.ts";
import { PickleBytes } from "./pickle-bytes.ts";
import { applyGlobal, isKnownGlobal, storageDtypes } from "./pickle-globals.ts";
import { isKind, isPickleKey, type PickleStorage, type PickleValue } from "./pickle-values.ts";
import { quoted } from "./tensor-values.ts";

/**
 * @param bytes one pickle; what follows its STOP is not looked at
 * @param file for messages
 * @returns the value; containers may contain themselves, so walk only as deep as you know
 * @throws checkpoint_unsupported for an instruction or a name that is not on the list, checkpoint_invalid when it is damaged or past a limit
 */
export function readPickle(bytes: Uint8Array, file: string): PickleValue {
  return new PickleMachine(bytes, file).run();
}

const protocols = { from: 2, to: 5 };

class PickleMachine {
  readonly #file: string;
  readonly #bytes: PickleBytes;
  readonly #memo = new Map<number, PickleValue>();
  #stack: PickleValue[] = [];
  /** Stacks set aside by MARK. */
  readonly #below: PickleValue[][] = [];

  constructor(bytes: Uint8Array, file: string) {
    this.#file = file;
    this.#bytes = new PickleBytes(bytes, (why) => this.#invalid(why));
  }

  run(): PickleValue {
    for (let steps = 0; steps < limits.maxPickleSteps; steps++) {
      const opcode = this.#bytes.uint8();
      if (opcode === 0x2e /* STOP */) return this.#pop();
      this.#step(opcode);
    }
    throw this.#invalid(`its pickle takes more than ${limits.maxPickleSteps} steps (maxPickleSteps)`);
  }

  #step(opcode: number): void {
    const bytes = this.#bytes;
    switch (opcode) {
      case 0x80: return this.#protocol(bytes.uint8()); // PROTO
      case 0x95: return bytes.skip(8); // FRAME: how much to read ahead
      case 0x28: return this.#mark(); // MARK
      case 0x30: return void this.#pop(); // POP
      case 0x31: return void this.#popMark(); // POP_MARK
      // Plain values.
      case 0x4e: return this.#push(null); // NONE
      case 0x88: return this.#push(true); // NEWTRUE
      case 0x89: return this.#push(false); // NEWFALSE
      case 0x4a: return this.#push(bytes.int32()); // BININT
      case 0x4b: return this.#push(bytes.uint8()); // BININT1
      case 0x4d: return this.#push(bytes.uint16()); // BININT2
      case 0x8a: return this.#push(bytes.long(bytes.uint8())); // LONG1
      case 0x47: return this.#push(bytes.float64()); // BINFLOAT
      case 0x58: return this.#push(bytes.text(bytes.uint32())); // BINUNICODE
      case 0x8c: return this.#push(bytes.text(bytes.uint8())); // SHORT_BINUNICODE
      // Containers.
      case 0x7d: return this.#push({ kind: "dict", entries: new Map() }); // EMPTY_DICT
      case 0x5d: return this.#push({ kind: "list", items: [] }); // EMPTY_LIST
      case 0x29: return this.#push({ kind: "tuple", items: [] }); // EMPTY_TUPLE
      case 0x85: return this.#tuple(1); // TUPLE1
      case 0x86: return this.#tuple(2); // TUPLE2
      case 0x87: return this.#tuple(3); // TUPLE3
      case 0x74: return this.#push({ kind: "tuple", items: this.#popMark() }); // TUPLE
      case 0x61: return this.#append([this.#pop()]); // APPEND
      case 0x65: return this.#append(this.#popMark()); // APPENDS
      case 0x73: return this.#setItems(this.#popMany(2)); // SETITEM
      case 0x75: return this.#setItems(this.#popMark()); // SETITEMS
      // The memo.
      case 0x71: return this.#memorise(bytes.uint8()); // BINPUT
      case 0x72: return this.#memorise(bytes.uint32()); // LONG_BINPUT
      case 0x94: return this.#memorise(this.#memo.size); // MEMOIZE
      case 0x68: return this.#recall(bytes.uint8()); // BINGET
      case 0x6a: return this.#recall(bytes.uint32()); // LONG_BINGET
      // Names, and what stands in for calling them.
      case 0x63: return this.#global(bytes.line(), bytes.line()); // GLOBAL
      case 0x93: return this.#stackGlobal(); // STACK_GLOBAL
      case 0x51: return this.#push(this.#storage(this.#pop())); // BINPERSID
      case 0x52: return this.#reduce(); // REDUCE
      case 0x62: return this.#build(); // BUILD
      default: throw this.#unsupported(`its pickle has the instruction 0x${opcode.toString(16).padStart(2, "0")}, which weights do not need`);
    }
  }

  #protocol(version: number): void {
    if (version < protocols.from || version > protocols.to) throw this.#unsupported(`its pickle has protocol ${version}`);
  }

  #push(value: PickleValue): void {
    this.#stack.push(value);
  }

  #pop(): PickleValue {
    const value = this.#stack.pop();
    if (value === undefined) throw this.#invalid("its pickle takes from an empty stack");
    return value;
  }

  #popMany(count: number): PickleValue[] {
    if (this.#stack.length < count) throw this.#invalid("its pickle takes from an empty stack");
    return this.#stack.splice(-count);
  }

  #mark(): void {
    this.#below.push(this.#stack);
    this.#stack = [];
  }

  #popMark(): PickleValue[] {
    const items = this.#stack;
    const below = this.#below.pop();
    if (below === undefined) throw this.#invalid("its pickle ends a group it did not begin");
    this.#stack = below;
    return items;
  }

  #tuple(count: number): void {
    this.#push({ kind: "tuple", items: this.#popMany(count) });
  }

  #append(items: readonly PickleValue[]): void {
    const list = this.#stack.at(-1);
    if (isKind(list, "skipped")) return;
    if (!isKind(list, "list")) throw this.#invalid("its pickle appends to something that is no list");
    for (const item of items) list.items.push(item);
  }

  #setItems(items: readonly PickleValue[]): void {
    const dict = this.#stack.at(-1);
    if (isKind(dict, "skipped")) return;
    if (!isKind(dict, "dict") || items.length % 2 !== 0) throw this.#invalid("its pickle sets items of something that is no dictionary");
    for (let at = 0; at < items.length; at += 2) {
      const key = items[at]!;
      if (!isPickleKey(key)) throw this.#unsupported("a dictionary in its pickle has keys that are neither text nor numbers");
      if (dict.entries.has(key)) throw this.#invalid(`a dictionary in its pickle has ${quoted(String(key))} twice`);
      dict.entries.set(key, items[at + 1]!);
    }
  }

  #memorise(index: number): void {
    const top = this.#stack.at(-1);
    if (top === undefined) throw this.#invalid("its pickle remembers an empty stack");
    this.#memo.set(index, top);
  }

  #recall(index: number): void {
    const value = this.#memo.get(index);
    if (value === undefined) throw this.#invalid("its pickle recalls what it did not remember");
    this.#push(value);
  }

  #stackGlobal(): void {
    const [module, name] = this.#popMany(2);
    if (typeof module !== "string" || typeof name !== "string") throw this.#invalid("its pickle asks for a name that is no text");
    this.#global(module, name);
  }

  #global(module: string, name: string): void {
    const whole = `${module} ${name}`;
    if (!isKnownGlobal(whole)) {
      throw this.#unsupported(`it asks for Python's ${quoted(`${module}.${name}`)}, which is not plain weights (nothing was executed)`);
    }
    this.#push({ kind: "global", name: whole });
  }

  #reduce(): void {
    const [callee, args] = this.#popMany(2);
    const name = isKind(callee, "global") ? callee.name : undefined;
    const made = name === undefined || !isKind(args, "tuple") ? undefined : applyGlobal(name, args.items);
    if (made === undefined) throw this.#unsupported(`its pickle calls ${name === undefined ? "what is no name" : quoted(name)} in a way PyTorch does not`);
    this.#push(made);
  }

  /** The state of an ordered dictionary (versions of modules) and of skipped things says nothing about weights. */
  #build(): void {
    this.#pop();
    const target = this.#stack.at(-1);
    if (!isKind(target, "dict") && !isKind(target, "skipped")) throw this.#unsupported("its pickle sets the state of something that is no dictionary");
  }

  /** ("storage", class, key, device, elements). */
  #storage(id: PickleValue): PickleStorage {
    const [tag, type, key, , elements] = isKind(id, "tuple") ? id.items : [];
    const dtype = isKind(type, "global") ? storageDtypes.get(type.name) : undefined;
    const sound = tag === "storage" && typeof key === "string" && typeof elements === "number" && Number.isSafeInteger(elements) && elements >= 0;
    if (!sound || dtype === undefined) throw this.#unsupported("its pickle points to something outside that is no tensor's storage");
    return { kind: "storage", key, dtype, elements };
  }

  #invalid(why: string): MaskletError {
    return MaskletError.of("checkpoint_invalid", { file: this.#file, why });
  }

  #unsupported(why: string): MaskletError {
    return MaskletError.of("checkpoint_unsupported", { file: this.#file, why });
  }
}
