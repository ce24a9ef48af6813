import { useEffect } from 'preact/hooks';
import { texts } from '../settings/language.ts';
import { ProfilePicture } from './profile-picture.tsx';
import { NotYet } from '../parts/not-yet.tsx';
import { chooseProfile, chosenProfile, failure, loadProfiles, profiles, readProfiles } from './profiles.ts';

export function ProfileChooser() {
  useEffect(() => void loadProfiles(), []);
  return (
    <fieldset class="profiles">
      <legend>{texts.value.submit.profile}</legend>
      {profiles.value.length === 0 && <NotYet failure={failure.value} onAgain={() => void readProfiles()} />}
      {profiles.value.map((profile) => (
        <label key={profile.name} class="profile">
          <input
            type="radio"
            name="profile"
            value={profile.name}
            checked={chosenProfile.value === profile.name}
            onChange={() => chooseProfile(profile.name)}
          />
          <ProfilePicture profile={profile} />
          <span class="profile-words" title={profile.description}>
            <span class="profile-name">{profile.name}</span>
            <span class="small">{texts.value.profiles[profile.name] ?? profile.title}</span>
          </span>
        </label>
      ))}
    </fieldset>
  );
}
