import { Box3, Box3Helper, type LineBasicMaterial, Vector3 } from 'three';

/** The box outside of which points are not drawn, given as fractions of the scene's own box. */
export class ClipBox {
  readonly low = new Vector3();
  readonly high = new Vector3();
  readonly lines: Box3Helper;
  onChange: (() => void) | undefined;
  private readonly whole = new Box3(new Vector3(), new Vector3(1, 1, 1));
  private active = false;

  constructor() {
    this.lines = new Box3Helper(new Box3(this.low, this.high), 0x8f86ff);
    (this.lines.material as LineBasicMaterial).transparent = true;
    (this.lines.material as LineBasicMaterial).opacity = 0.7;
    this.lines.visible = false;
  }

  reset(whole: Box3): void {
    const margin = whole.getSize(new Vector3()).length() * 1e-4;
    this.whole.copy(whole).expandByScalar(margin);
    this.set([0, 0, 0], [1, 1, 1]);
  }

  /** Cut the scene between two corners, as fractions from 0 to 1 along each axis. */
  set(low: readonly number[], high: readonly number[]): void {
    const size = this.whole.getSize(new Vector3());
    this.low.fromArray(low).multiply(size).add(this.whole.min);
    this.high.fromArray(high).multiply(size).add(this.whole.min);
    this.active = low.some(v => v > 0) || high.some(v => v < 1);
    this.lines.visible = this.active;
    this.onChange?.();
  }

  holds(positions: Float32Array, at: number): boolean {
    if (!this.active) return true;
    const [x, y, z] = [positions[at], positions[at + 1], positions[at + 2]];
    const { low, high } = this;
    return x >= low.x && x <= high.x && y >= low.y && y <= high.y && z >= low.z && z <= high.z;
  }
}
