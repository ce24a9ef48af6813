interface BarProps {
  /** 0 to 100. */
  percent: number;
  label: string;
  tone?: string;
}

/** A progress bar. The native element cannot be given the same looks everywhere. */
export function Bar({ percent, label, tone = 'running' }: BarProps) {
  return (
    <div
      class={`bar bar-${tone}`}
      role="progressbar"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={Math.round(percent)}
    >
      <div class="bar-done" style={{ transform: `scaleX(${Math.min(percent, 100) / 100})` }} />
    </div>
  );
}
