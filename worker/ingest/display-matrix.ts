import { numberIn, type Stream } from './streams.ts';

/** How a stored picture becomes upright: mirrored left to right where that is said, then turned clockwise. */
export interface Turn {
  rotation: number;
  mirrored: boolean;
}

/**
 * Reads the display matrix, or the older `rotate` tag, which counts clockwise. Pure.
 * Anything but a quarter turn is a joke of the file's maker; FFmpeg turns such a picture inside its frame.
 */
export function turnOf({ side_data_list = [], tags }: Stream): Turn {
  const matrix = side_data_list.find(({ displaymatrix }) => displaymatrix !== undefined)?.displaymatrix;
  const byMatrix = matrix === undefined ? null : turnOfMatrix(matrix);
  if (byMatrix) return byMatrix;
  const told = side_data_list.find(({ rotation }) => rotation !== undefined)?.rotation;
  const clockwise = told === undefined ? (numberIn(tags?.rotate) ?? 0) : -told;
  const turned = ((Math.round(clockwise) % 360) + 360) % 360;
  return { rotation: turned % 90 === 0 ? turned : 0, mirrored: false };
}

/** Signs of the matrix (ISO/IEC 14496-12, `tkhd`): x' = ax + cy, y' = bx + dy, y counting downwards. */
const upright: Readonly<Record<string, Turn>> = {
  '1,0,0,1': { rotation: 0, mirrored: false },
  '0,1,-1,0': { rotation: 90, mirrored: false },
  '-1,0,0,-1': { rotation: 180, mirrored: false },
  '0,-1,1,0': { rotation: 270, mirrored: false },
  '-1,0,0,1': { rotation: 0, mirrored: true },
  '0,-1,-1,0': { rotation: 90, mirrored: true },
  '1,0,0,-1': { rotation: 180, mirrored: true },
  '0,1,1,0': { rotation: 270, mirrored: true },
};

/** @param printed rows of three numbers as ffprobe prints them, each after its own number */
function turnOfMatrix(printed: string): Turn | null {
  const rows = [...printed.matchAll(/:\s*(-?\d+)\s+(-?\d+)\s+(-?\d+)/g)];
  const [a, b, c, d] = [rows[0]?.[1], rows[0]?.[2], rows[1]?.[1], rows[1]?.[2]].map(Number);
  return upright[[a, b, c, d].map((value) => Math.sign(value ?? NaN)).join()] ?? null;
}
