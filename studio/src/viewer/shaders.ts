/** Colour modes, as the point shader numbers them. */
export const COLOUR_MODES = ['labels', 'scan', 'height', 'normals', 'uncertainty'] as const;
export type ColourMode = (typeof COLOUR_MODES)[number];

/** The share of the depth buffer that solid points take; ghosts have the rest. */
const SOLID = '#define SOLID 0.9';

/** MODE, a place in `COLOUR_MODES`, HAS_COLOUR and HAS_NORMAL are defined by the material: a branch left out costs nothing. */
export const pointVertex = /* glsl */ `
${SOLID}
precision highp float;
precision highp int;
precision highp usampler2D;

in vec3 position;
#if HAS_COLOUR
in vec3 colour;
#endif
#if HAS_NORMAL
in vec3 normal;
#endif
in uint label;
in uint mark;
#if MODE == 4
in float confidence;
#endif
in float size;

uniform mat4 modelViewMatrix;
uniform mat4 projectionMatrix;
uniform usampler2D palette;
uniform float focal;
uniform float pointSize;
uniform float minPixels;
uniform float maxPixels;
uniform vec2 heights;
uniform vec3 clipLow;
uniform vec3 clipHigh;
uniform vec3 accent;
uniform vec3 ghost;

flat out vec3 tint;

#if MODE == 2 || MODE == 4
// Turbo (Mikhailov, 2019), as the published polynomial.
vec3 turbo(float t) {
  vec4 v4 = vec4(1.0, t, t * t, t * t * t);
  vec2 v2 = v4.zw * v4.z;
  return vec3(
    dot(v4, vec4(0.13572138, 4.61539260, -42.66032258, 132.13108234)) + dot(v2, vec2(-152.94239396, 59.28637943)),
    dot(v4, vec4(0.09140261, 2.19418839, 4.84296658, -14.18503333)) + dot(v2, vec2(4.27729857, 2.82956604)),
    dot(v4, vec4(0.10667330, 12.64194608, -60.58204836, 110.36276771)) + dot(v2, vec2(-89.90310912, 27.34824973)));
}
#endif

void main() {
  uvec4 entry = texelFetch(palette, ivec2(int(label & 255u), int(label >> 8u)), 0);
  vec4 seen = modelViewMatrix * vec4(position, 1.0);
  // A point without coordinates is NaN: it fails both comparisons.
  bool inside = all(greaterThanEqual(position, clipLow)) && all(lessThanEqual(position, clipHigh));
  bool kept = inside && (entry.a & 1u) == 0u;
  bool isGhost = (entry.a & 2u) != 0u && (mark & 1u) == 0u;
  gl_Position = kept ? projectionMatrix * seen : vec4(0.0, 0.0, -2.0, 1.0);
  // Ghosts are dots behind everything solid, so that nothing of what is worked on is hidden.
  float depth = 0.5 * (gl_Position.z / gl_Position.w + 1.0);
  gl_Position.z = (2.0 * (isGhost ? mix(SOLID, 1.0, depth) : SOLID * depth) - 1.0) * gl_Position.w;
  gl_PointSize = clamp(pointSize * (size / 16.0) * focal / -seen.z, minPixels, maxPixels);
  if (isGhost) gl_PointSize = minPixels;

#if MODE == 2 || !HAS_COLOUR
  float height = clamp((position.z - heights.x) / (heights.y - heights.x), 0.0, 1.0);
#endif
#if HAS_COLOUR
  vec3 shown = colour;
#elif HAS_NORMAL
  vec3 shown = mix(vec3(0.42, 0.45, 0.5), vec3(0.86, 0.87, 0.88), height)
    * (0.62 + 0.38 * abs(dot(normal, vec3(0.37, 0.26, 0.89))));
#else
  vec3 shown = mix(vec3(0.42, 0.45, 0.5), vec3(0.86, 0.87, 0.88), height);
#endif
  float luma = dot(shown, vec3(0.299, 0.587, 0.114));
#if MODE == 0
  if (label > 1u) {
    vec3 own = vec3(entry.rgb) / 255.0;
    shown = mix(own * (0.42 + 0.86 * luma), own, 0.25);
    if ((entry.a & 4u) != 0u) shown = mix(shown, vec3(1.0), 0.14);
  } else {
    shown = mix(vec3(luma), shown, 0.55);
  }
#elif MODE == 2
  shown = turbo(0.08 + 0.84 * height) * (0.6 + 0.4 * luma);
#elif MODE == 3 && HAS_NORMAL
  shown = normal * 0.5 + 0.5;
#elif MODE == 3
  shown = vec3(luma);
#elif MODE == 4
  shown = label > 0u || confidence > 0.0 ? turbo(0.1 + 0.8 * (1.0 - confidence)) * (0.65 + 0.35 * luma) : vec3(luma * 0.6);
#endif
  if (isGhost) shown = ghost * (0.55 + 0.75 * luma);
  if ((mark & 1u) != 0u) shown = mix(shown, accent, 0.62);
  if ((mark & 2u) != 0u) shown = mix(shown, vec3(1.0), 0.45);
  tint = shown;
}
`;

export const pointFragment = /* glsl */ `
precision highp float;

flat in vec3 tint;
out vec4 fragment;

void main() {
  vec2 from = gl_PointCoord - 0.5;
  if (dot(from, from) > 0.25) discard;
  fragment = vec4(tint, 1.0);
}
`;

export const screenVertex = /* glsl */ `
precision highp float;
in vec3 position;
void main() { gl_Position = vec4(position.xy, 0.0, 1.0); }
`;

/** Eye-dome lighting (Boucheny, 2009): a pixel is darkened by how much its neighbours stand in front of it. */
export const eyeDomeFragment = /* glsl */ `
${SOLID}
precision highp float;
precision highp sampler2D;

uniform sampler2D picture;
uniform sampler2D depths;
uniform float near;
uniform float far;
uniform float radius;
uniform float strength;
// A step this large, in the scene, lies within a surface of discs and makes no edge.
uniform float slack;
out vec4 fragment;

float distanceOf(float depth) {
  return near * far / (far - depth / SOLID * (far - near));
}

void main() {
  ivec2 at = ivec2(gl_FragCoord.xy);
  ivec2 top = textureSize(depths, 0) - 1;
  vec4 own = texelFetch(picture, at, 0);
  float here = texelFetch(depths, at, 0).r;
  if (here > SOLID) { fragment = here == 1.0 ? vec4(0.0) : own; return; }
  float distance = distanceOf(here);
  float depth = log2(distance) - log2(1.0 + slack / distance);
  int r = int(radius);
  float sum = 0.0;
  ivec2 steps[4] = ivec2[4](ivec2(r, 0), ivec2(-r, 0), ivec2(0, r), ivec2(0, -r));
  for (int i = 0; i < 4; i++) {
    float other = texelFetch(depths, clamp(at + steps[i], ivec2(0), top), 0).r;
    if (other <= SOLID) sum += max(0.0, depth - log2(distanceOf(other)));
  }
  fragment = vec4(own.rgb * exp(-300.0 * strength * sum / 4.0), 1.0);
}
`;
