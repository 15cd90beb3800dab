import {
  BufferAttribute,
  BufferGeometry,
  DepthTexture,
  GLSL3,
  LinearSRGBColorSpace,
  Mesh,
  NearestFilter,
  type PerspectiveCamera,
  RawShaderMaterial,
  Scene,
  UnsignedIntType,
  WebGLRenderer,
  WebGLRenderTarget,
} from 'three';
import { eyeDomeFragment, screenVertex } from './shaders';

/** Draws a scene on a canvas, with or without eye-dome lighting; colours reach the screen as the shaders give them. */
export class PointRenderer {
  readonly gl: WebGLRenderer;
  eyeDome = true;
  private readonly target: WebGLRenderTarget;
  private readonly screen: Mesh<BufferGeometry, RawShaderMaterial>;
  private readonly screenScene = new Scene();

  constructor(canvas: HTMLCanvasElement) {
    this.gl = new WebGLRenderer({ canvas, alpha: true, antialias: false, powerPreference: 'high-performance' });
    this.gl.outputColorSpace = LinearSRGBColorSpace;
    this.gl.setClearColor(0x000000, 0);
    this.target = new WebGLRenderTarget(1, 1, { minFilter: NearestFilter, magFilter: NearestFilter });
    this.target.depthTexture = new DepthTexture(1, 1, UnsignedIntType);
    const triangle = new BufferGeometry();
    triangle.setAttribute('position', new BufferAttribute(new Float32Array([-1, -1, 0, 3, -1, 0, -1, 3, 0]), 3));
    this.screen = new Mesh(
      triangle,
      new RawShaderMaterial({
        glslVersion: GLSL3,
        vertexShader: screenVertex,
        fragmentShader: eyeDomeFragment,
        depthTest: false,
        depthWrite: false,
        uniforms: {
          picture: { value: this.target.texture },
          depths: { value: this.target.depthTexture },
          near: { value: 0.1 },
          far: { value: 100 },
          radius: { value: 1 },
          strength: { value: 0.35 },
          slack: { value: 0 },
        },
      }),
    );
    this.screen.frustumCulled = false;
    this.screenScene.add(this.screen);
  }

  resize(width: number, height: number): void {
    const ratio = Math.min(window.devicePixelRatio, 2);
    this.gl.setPixelRatio(ratio);
    this.gl.setSize(width, height, false);
    this.target.setSize(Math.round(width * ratio), Math.round(height * ratio));
    this.screen.material.uniforms.radius.value = Math.max(1, Math.round(1.3 * ratio));
  }

  /** `slack` is the step in depth, in the scene, from which on eye-dome lighting draws an edge. */
  render(scene: Scene, overlay: Scene, camera: PerspectiveCamera, slack: number): void {
    this.gl.autoClear = true;
    if (this.eyeDome) {
      this.gl.setRenderTarget(this.target);
      this.gl.render(scene, camera);
      this.gl.setRenderTarget(null);
      this.screen.material.uniforms.near.value = camera.near;
      this.screen.material.uniforms.far.value = camera.far;
      this.screen.material.uniforms.slack.value = slack;
      this.gl.render(this.screenScene, camera);
    } else {
      this.gl.render(scene, camera);
    }
    this.gl.autoClear = false;
    if (overlay.children.length > 0) this.gl.render(overlay, camera);
  }

  dispose(): void {
    this.target.dispose();
    this.screen.geometry.dispose();
    this.screen.material.dispose();
    this.gl.dispose();
  }
}
