import { Box3, BufferAttribute, BufferGeometry, Points, Scene, Vector3 } from 'three';
import { type Picked, pick } from '../picking/pick';
import { type ScreenPoint, visibleInCircle, visibleInOutline } from '../picking/region';
import type { SpatialIndex } from '../picking/spatial-index';
import { project, type View } from '../picking/view';
import { CameraRig, openSide } from './camera';
import { ClipBox } from './clip-box';
import { Cloud, type CloudArrays, type Look } from './cloud';
import { GHOST, HIDDEN, Palette, type PaletteEntry } from './palette';
import { PointRenderer } from './renderer';

/** While the camera moves, a frame slower than this is drawn with fewer points. */
const SLOW_FRAME = 40;
const THINNING = 8;
const REST = 160;

/**
 * The picture of a scan: camera, points, picking. It draws when something has changed and never otherwise, and knows
 * nothing of clicks, sessions or panels.
 */
export class Viewer {
  readonly rig = new CameraRig();
  readonly palette = new Palette();
  readonly clipBox = new ClipBox();
  cloud: Cloud | undefined;
  index: SpatialIndex | undefined;
  /** Draw every point even where that is slow; for measurements. */
  alwaysFull = false;
  /** Called after every frame. */
  readonly onFrame = new Set<() => void>();
  lastFrameMs = 0;
  private readonly renderer: PointRenderer;
  private readonly scene = new Scene();
  private readonly overlay = new Scene();
  private look: Look = { mode: 'labels', accent: [1, 1, 1], ghost: [0.4, 0.4, 0.4] };
  private thin: Points | undefined;
  private slow = false;
  private movedAt = 0;
  private requested = 0;
  private requestedAt = 0;
  private frameDelay = 0;
  private sizeFactor = 1;
  private width = 1;
  private height = 1;

  constructor(canvas: HTMLCanvasElement) {
    this.renderer = new PointRenderer(canvas);
    this.overlay.add(this.clipBox.lines);
    this.clipBox.onChange = () => {
      this.cloud?.clip(this.clipBox.low, this.clipBox.high);
      this.invalidate();
    };
  }

  /** Show a scan; the index may follow later. */
  show(arrays: CloudArrays): Cloud {
    this.clear();
    this.cloud = new Cloud(arrays, this.palette);
    this.cloud.wear(this.look);
    this.scene.add(this.cloud.points);
    this.clipBox.reset(this.cloud.bounds);
    this.rig.fit(this.cloud.bounds, openSide(arrays.positions, this.cloud.bounds));
    this.invalidate();
    return this.cloud;
  }

  setIndex(index: SpatialIndex): void {
    if (!this.cloud) return;
    this.index = index;
    this.cloud.setSizes(index.sizes);
    const every = new Uint32Array(Math.ceil(index.order.length / THINNING));
    for (let k = 0; k < every.length; k++) every[k] = index.order[k * THINNING];
    const geometry = new BufferGeometry();
    for (const [name, attribute] of Object.entries(this.cloud.points.geometry.attributes))
      geometry.setAttribute(name, attribute);
    geometry.setIndex(new BufferAttribute(every, 1));
    this.thin = new Points(geometry, this.cloud.points.material);
    this.thin.frustumCulled = false;
    this.invalidate();
  }

  clear(): void {
    this.scene.clear();
    this.thin?.geometry.dispose();
    this.cloud?.dispose();
    this.cloud = undefined;
    this.index = undefined;
    this.thin = undefined;
    this.slow = false;
    this.frameDelay = 0;
    this.invalidate();
  }

  resize(width: number, height: number): void {
    [this.width, this.height] = [Math.max(1, width), Math.max(1, height)];
    this.renderer.resize(this.width, this.height);
    this.rig.resize(this.width, this.height);
    this.draw();
  }

  setPalette(entries: ReadonlyMap<number, PaletteEntry>): void {
    if (this.palette.set(entries)) this.invalidate();
  }

  setLook(look: Look): void {
    this.look = look;
    this.cloud?.wear(look);
    this.invalidate();
  }

  setPointSize(factor: number): void {
    this.sizeFactor = factor;
    this.invalidate();
  }

  setEyeDome(on: boolean): void {
    this.renderer.eyeDome = on;
    this.invalidate();
  }

  /** Say that the camera moves, so that a slow machine may draw fewer points until it rests. */
  moving(): void {
    this.movedAt = performance.now();
    this.invalidate();
    window.setTimeout(() => {
      if (this.thinned && performance.now() - this.movedAt >= REST) this.invalidate();
    }, REST + 10);
  }

  invalidate(): void {
    if (this.requested) return;
    this.requestedAt = performance.now();
    this.requested = requestAnimationFrame(() => this.draw());
  }

  /** What is drawn now, for picking. */
  get view(): View {
    return {
      toCamera: this.rig.camera.matrixWorldInverse.elements,
      focal: this.rig.focal,
      width: this.width,
      height: this.height,
      pointSize: this.pointSize,
      minPixels: 1.5,
      maxPixels: 48,
    };
  }

  pick(x: number, y: number): Picked | undefined {
    if (!this.cloud || !this.index) return undefined;
    const { positions } = this.cloud.arrays;
    const solid = pick(this.index, positions, this.view, x, y, row => this.shown(row) && !this.isGhost(row));
    return solid ?? pick(this.index, positions, this.view, x, y, row => this.shown(row));
  }

  rowsInCircle(centre: ScreenPoint, radius: number): number[] {
    if (!this.cloud || !this.index) return [];
    return visibleInCircle(this.index, this.cloud.arrays.positions, this.view, centre, radius, row => this.solid(row));
  }

  rowsInOutline(outline: readonly ScreenPoint[]): number[] {
    if (!this.cloud || !this.index) return [];
    return visibleInOutline(this.index, this.cloud.arrays.positions, this.view, outline, row => this.solid(row));
  }

  /** Look in a direction at the middle of the scan. */
  lookAlong(yaw: number, pitch: number): void {
    if (!this.cloud) return;
    this.rig.lookFrom(yaw, pitch, this.cloud.bounds.getCenter(new Vector3()));
    this.invalidate();
  }

  /** Look at the whole scan. */
  fit(): void {
    if (!this.cloud) return;
    this.rig.fit(this.cloud.bounds, openSide(this.cloud.arrays.positions, this.cloud.bounds));
    this.invalidate();
  }

  /** Bring the points of some labels into the middle of the picture, from where the camera looks now. */
  frame(labels: ReadonlySet<number>): void {
    if (!this.cloud) return;
    const { positions, labels: carried } = this.cloud.arrays;
    const box = new Box3();
    const point = new Vector3();
    for (let row = 0; row < carried.length; row++)
      if (labels.has(carried[row]) && Number.isFinite(positions[3 * row]))
        box.expandByPoint(point.fromArray(positions, 3 * row));
    if (box.isEmpty()) return;
    this.rig.frame(box);
    this.invalidate();
  }

  position(row: number): Vector3 {
    return new Vector3().fromArray(this.cloud!.arrays.positions, 3 * row);
  }

  /** Where a point of the scene lies on the canvas, and whether nothing stands in front of it. */
  onScreen(xyz: readonly number[]): ScreenPoint & { depth: number } {
    return project(this.view, xyz[0], xyz[1], xyz[2]);
  }

  draw(): void {
    const started = performance.now();
    if (this.requested) this.noteDelay(started - this.requestedAt);
    cancelAnimationFrame(this.requested);
    this.requested = 0;
    if (this.cloud) {
      const { uniforms } = this.cloud.points.material;
      const ratio = this.renderer.gl.getPixelRatio();
      uniforms.focal.value = this.rig.focal * ratio;
      uniforms.pointSize.value = this.pointSize;
      uniforms.minPixels.value = 1.5 * ratio;
      uniforms.maxPixels.value = 48 * ratio;
      this.scene.clear();
      this.scene.add(this.thinned ? this.thin! : this.cloud.points);
    }
    this.renderer.render(this.scene, this.overlay, this.rig.camera, 1.3 * this.pointSize);
    this.lastFrameMs = performance.now() - started;
    for (const after of this.onFrame) after();
  }

  dispose(): void {
    cancelAnimationFrame(this.requested);
    this.clear();
    this.palette.dispose();
    this.renderer.dispose();
  }

  private get pointSize(): number {
    return (this.index?.spacing ?? 0.01) * 1.75 * this.sizeFactor;
  }

  private get thinned(): boolean {
    return !!this.thin && this.slow && !this.alwaysFull && performance.now() - this.movedAt < REST;
  }

  /** A graphics card that cannot keep up delays the frames that follow each other. */
  private noteDelay(delay: number): void {
    if (this.thinned || performance.now() - this.movedAt > REST) return;
    this.frameDelay = 0.6 * this.frameDelay + 0.4 * delay;
    this.slow ||= this.frameDelay > SLOW_FRAME;
  }

  private solid(row: number): boolean {
    return this.shown(row) && !this.isGhost(row);
  }

  private shown(row: number): boolean {
    const { labels, positions } = this.cloud!.arrays;
    return (this.palette.flags(labels[row]) & HIDDEN) === 0 && this.clipBox.holds(positions, 3 * row);
  }

  private isGhost(row: number): boolean {
    return (this.palette.flags(this.cloud!.arrays.labels[row]) & GHOST) !== 0;
  }
}
