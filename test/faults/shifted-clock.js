// Loaded into a worker whose clock is wrong: FAULTS_CLOCK_MS says by how much.
const shift = Number(process.env.FAULTS_CLOCK_MS);
if (!Number.isFinite(shift) || shift === 0) throw new Error('FAULTS_CLOCK_MS says by how much the clock is wrong.');

const RightDate = Date;
globalThis.Date = class extends RightDate {
  constructor(...given) {
    if (given.length === 0) super(RightDate.now() + shift);
    else super(...given);
  }
  static now() {
    return RightDate.now() + shift;
  }
};
