import { type Box3, PerspectiveCamera, Vector3 } from 'three';

const FIELD = 50;
const DEFAULT_YAW = -0.62;

const UP = new Vector3(0, 0, 1);
const STEEPEST = Math.cos((2 * Math.PI) / 180);

export interface Pose {
  position: [number, number, number];
  yaw: number;
  pitch: number;
}

/** A camera that never rolls: z stays up; it turns about, moves along with and closes in on points of the scene. */
export class CameraRig {
  readonly camera = new PerspectiveCamera(FIELD, 1, 0.01, 1000);
  private yaw = 0;
  private pitch = 0;
  private size = 1;
  private height = 1;
  private readonly middle = new Vector3();

  constructor() {
    this.camera.up.copy(UP);
  }

  /** Pixels a unit of length at depth 1. */
  get focal(): number {
    return this.height / 2 / Math.tan((FIELD * Math.PI) / 360);
  }

  get pose(): Pose {
    return { position: this.camera.position.toArray(), yaw: this.yaw, pitch: this.pitch };
  }

  set pose(pose: Pose) {
    this.camera.position.fromArray(pose.position);
    this.yaw = pose.yaw;
    this.pitch = pose.pitch;
    this.update();
  }

  resize(width: number, height: number): void {
    this.height = height;
    this.camera.aspect = width / height;
    this.camera.updateProjectionMatrix();
    this.update();
  }

  /** Look at a whole box from above, in the direction `yaw`. */
  fit(box: Box3, yaw: number): void {
    box.getCenter(this.middle);
    this.size = Math.max(box.getSize(new Vector3()).length() / 2, 1e-3);
    this.yaw = yaw;
    this.pitch = -0.5;
    const narrow = Math.min(1, this.camera.aspect);
    const distance = (0.86 * this.size) / Math.sin((FIELD * Math.PI) / 360) / narrow;
    this.camera.position.copy(this.middle).addScaledVector(this.forward(), -distance);
    this.update();
  }

  /** Look along an axis at what is now in the middle of the scene. */
  lookFrom(yaw: number, pitch: number, about: Vector3): void {
    const distance = this.camera.position.distanceTo(about);
    this.yaw = yaw;
    this.pitch = pitch;
    this.camera.position.copy(about).addScaledVector(this.forward(), -distance);
    this.update();
  }

  /** Turn about `pivot`, which keeps its place in the picture. */
  orbit(pivot: Vector3, dx: number, dy: number): void {
    const turn = (Math.PI * 1.1) / this.height;
    const before = this.right();
    const offset = this.camera.position.clone().sub(pivot);
    const yawed = -dx * turn;
    const limit = Math.asin(STEEPEST);
    const pitch = Math.max(-limit, Math.min(limit, this.pitch - dy * turn));
    offset.applyAxisAngle(before, pitch - this.pitch).applyAxisAngle(UP, yawed);
    this.yaw += yawed;
    this.pitch = pitch;
    this.camera.position.copy(pivot).add(offset);
    this.update();
  }

  /** Move so that what lies at `depth` follows the pointer. */
  pan(dx: number, dy: number, depth: number): void {
    const step = depth / this.focal;
    const right = this.right();
    const up = right.clone().cross(this.forward());
    this.camera.position.addScaledVector(right, -dx * step).addScaledVector(up, dy * step);
    this.update();
  }

  /** Come closer to `target` by a factor below 1, or go back from it by one above; it keeps its place in the picture. */
  zoom(target: Vector3, factor: number): void {
    const towards = this.camera.position.clone().sub(target).multiplyScalar(factor);
    if (factor < 1 && towards.length() < this.size * 0.004) return;
    if (factor > 1 && towards.length() > this.size * 40) return;
    this.camera.position.copy(target).add(towards);
    this.update();
  }

  /** Put `target` in the middle of the picture at `distance`. */
  focus(target: Vector3, distance: number): void {
    this.camera.position.copy(target).addScaledVector(this.forward(), -distance);
    this.update();
  }

  /** Put a box into the middle of the picture with room around it, without turning. */
  frame(box: Box3): void {
    const radius = Math.max(box.getSize(new Vector3()).length() / 2, this.size * 0.02);
    const narrow = Math.min(1, this.camera.aspect);
    this.focus(box.getCenter(new Vector3()), (1.9 * radius) / Math.tan((FIELD * Math.PI) / 360) / narrow);
  }

  /** The point at `depth` under a pixel. */
  unproject(x: number, y: number, width: number, depth: number): Vector3 {
    const right = this.right();
    const up = right.clone().cross(this.forward());
    return this.camera.position
      .clone()
      .addScaledVector(this.forward(), depth)
      .addScaledVector(right, ((x - width / 2) * depth) / this.focal)
      .addScaledVector(up, ((this.height / 2 - y) * depth) / this.focal);
  }

  forward(): Vector3 {
    const level = Math.cos(this.pitch);
    return new Vector3(-Math.sin(this.yaw) * level, Math.cos(this.yaw) * level, Math.sin(this.pitch));
  }

  private right(): Vector3 {
    return new Vector3(Math.cos(this.yaw), Math.sin(this.yaw), 0);
  }

  private update(): void {
    this.camera.rotation.set(Math.PI / 2 + this.pitch, 0, this.yaw, 'ZXY');
    const away = this.camera.position.distanceTo(this.middle);
    this.camera.near = Math.max(this.size * 1e-3, (away - 3 * this.size) * 0.5);
    this.camera.far = away + 6 * this.size;
    this.camera.updateProjectionMatrix();
    this.camera.updateMatrixWorld();
  }
}

/**
 * From where a scan is open to the eye, as a yaw: opposite to where its high points stand, since a scanned room has walls
 * on the sides away from the scanner. Thin evidence gives a fixed direction.
 */
export function openSide(positions: Float32Array, box: Box3): number {
  const middle = box.getCenter(new Vector3());
  const size = box.getSize(new Vector3());
  const stride = 3 * Math.max(1, Math.floor(positions.length / 3 / 20_000));
  let [towardsX, towardsY, weight] = [0, 0, 0];
  for (let at = 0; at < positions.length; at += stride) {
    const height = (positions[at + 2] - box.min.z) / (size.z || 1);
    if (!(height > 0.3)) continue;
    towardsX += height * (positions[at] - middle.x);
    towardsY += height * (positions[at + 1] - middle.y);
    weight += height;
  }
  const strength = Math.hypot(towardsX, towardsY) / (weight || 1) / (Math.max(size.x, size.y) || 1);
  return strength < 0.03 ? DEFAULT_YAW : Math.atan2(-towardsX, towardsY);
}
