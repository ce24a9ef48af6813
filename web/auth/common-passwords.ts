/** What everybody tries first. Compared exactly. */
export const commonPasswords: ReadonlySet<string> = new Set(
  `12345678 123456789 1234567890 11111111 00000000 88888888 87654321 password password1 password123 passw0rd p@ssw0rd
   qwertyui qwertyuiop qwerty123 1q2w3e4r 1qaz2wsx abcd1234 abc12345 iloveyou sunshine princess football baseball
   superman trustno1 welcome1 letmein1 admin123 admin1234 administrator changeme secret123 starwars whatever
   computer michelle jennifer internet corvette mercedes maverick samantha victoria asdfghjk asdf1234 zxcvbnm1
   12341234 1234qwer qwer1234 aa123456 a1234567 123123123 147258369 987654321 11223344 55555555 66666666 99999999`
    .split(/\s+/)
    .filter(Boolean),
);
