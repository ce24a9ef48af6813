/** The clapperboard. */
export function Logo() {
  return (
    <svg class="logo" viewBox="0 0 32 32" aria-hidden="true">
      <g transform="rotate(-13 4 11)">
        <rect class="logo-stick" x="3" y="4" width="26" height="6" rx="1.5" />
        <path class="logo-stripes" d="M8 10l4-6h4l-4 6zM17 10l4-6h4l-4 6z" />
      </g>
      <rect x="3" y="11" width="26" height="17" rx="3" fill="#f5b942" />
      <path d="M13 15.5v8l7-4z" fill="#10182c" stroke="#10182c" stroke-width="1.5" stroke-linejoin="round" />
    </svg>
  );
}
