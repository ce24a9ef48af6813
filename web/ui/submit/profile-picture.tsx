import type { Profile } from '../api/types.ts';

/** What a profile does, drawn from what it says: how long parts are, what becomes of the frame, what is added. */
export function ProfilePicture({ profile }: { profile: Profile }) {
  const clips = profile.first_seconds === null ? [0, 1, 2] : [0];
  return (
    <svg class="profile-picture" viewBox="0 0 168 84" aria-hidden="true">
      <TimeLine profile={profile} />
      {clips.map((index) => (
        <g key={index} transform={`translate(${8 + index * 34} 50)`}>
          {profile.bumper && <rect class="picture-bumper" width="5" height="22" rx="2" />}
          <rect class="picture-clip" x={profile.bumper ? 6 : 0} width={profile.bumper ? 18 : 30} height="22" rx="1" />
          {profile.bumper && <rect class="picture-bumper" x="25" width="5" height="22" rx="2" />}
        </g>
      ))}
      <path class="picture-arrow" d={clips.map((index) => `M${23 + index * 34} 32v12m-3-3 3 3 3-3`).join('')} />
      <Frame profile={profile} />
    </svg>
  );
}

function TimeLine({ profile }: { profile: Profile }) {
  const isFirst = profile.first_seconds !== null;
  return (
    <g>
      <rect class="picture-rest" x="8" y="10" width="98" height="16" rx="3" />
      <rect class="picture-source" x="8" y="10" width={isFirst ? 30 : 98} height="16" rx="3" />
      {!isFirst && <path class="picture-cut" d="M40 6v24M74 6v24" />}
    </g>
  );
}

function Frame({ profile: { frame, watermark, audio } }: { profile: Profile }) {
  return (
    <g transform="translate(116 8)">
      {frame.fit === 'crop' ? (
        <g>
          <rect class="picture-rest" x="6" width="32" height="44" rx="2" />
          <rect class="picture-source" x="6" y="13" width="32" height="18" />
          <path class="picture-crop" d="M2 13h40M2 31h40" />
        </g>
      ) : (
        <g>
          <rect class="picture-pad" y="9" width="46" height="26" rx="2" />
          <rect class="picture-source" x="13" y="9" width="20" height="26" />
        </g>
      )}
      {watermark && <circle class="picture-mark" cx="40" cy="14" r="3.5" />}
      <g transform="translate(13 48)" class="picture-sound">
        <path d="M2 6h4l5-4v14l-5-4H2z" />
        {audio ? (
          <path class="picture-waves" d="M14 5.5a5 5 0 0 1 0 7M17 3a9 9 0 0 1 0 12" />
        ) : (
          <path class="picture-mute" d="M14 5.5l6 7m0-7-6 7" />
        )}
      </g>
    </g>
  );
}
