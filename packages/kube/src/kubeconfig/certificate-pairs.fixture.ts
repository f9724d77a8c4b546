/**
 * Certificates with their keys for the tests of this directory. They were made for this purpose and open nothing.
 */
export const firstPair = {
  cert: `-----BEGIN CERTIFICATE-----
MIIBjzCCATSgAwIBAgITSfqvUSBnuEIA1UjBu/bV25Z1qDAKBggqhkjOPQQDAjAc
MRowGAYDVQQDDBFrdWJlY29uZmlnLXRlc3QtYTAgFw0yNjExMjAxNjMzNTNaGA8y
MTI2MTAyNzE2MzM1M1owHDEaMBgGA1UEAwwRa3ViZWNvbmZpZy10ZXN0LWEwWTAT
BgcqhkjOPQIBBggqhkjOPQMBBwNCAATpr798aneYkt+SF9U5emjJdrbP+CnkBByO
6/vyeZYBcmiCO86Gjw7DylZ/kuaKf1Bxnd9x7hOtNOVlhAIRLGGgo1MwUTAdBgNV
HQ4EFgQUqkGezSb9N2W6WdSn6MxKt0PqC24wHwYDVR0jBBgwFoAUqkGezSb9N2W6
WdSn6MxKt0PqC24wDwYDVR0TAQH/BAUwAwEB/zAKBggqhkjOPQQDAgNJADBGAiEA
3H7sD5+adxiGZLpAky59vhnaOypfmxGujqCr+fQZimECIQDQL4nswEwrG2dAmSv4
TcI8FjBFWw+doNCkpEReJMiI9Q==
-----END CERTIFICATE-----
`,
  key: `-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQg58AsfR1TWzNjAjjQ
7l8WaNU5tgk325Bc68AEp97rE6OhRANCAATpr798aneYkt+SF9U5emjJdrbP+Cnk
BByO6/vyeZYBcmiCO86Gjw7DylZ/kuaKf1Bxnd9x7hOtNOVlhAIRLGGg
-----END PRIVATE KEY-----
`,
};

export const secondPair = {
  cert: `-----BEGIN CERTIFICATE-----
MIIBjjCCATWgAwIBAgIUUVJBldXeBuySbaPKvZVhye/SDTowCgYIKoZIzj0EAwIw
HDEaMBgGA1UEAwwRa3ViZWNvbmZpZy10ZXN0LWIwIBcNMjYxMTIwMTYzMzUzWhgP
MjEyNjEwMjcxNjMzNTNaMBwxGjAYBgNVBAMMEWt1YmVjb25maWctdGVzdC1iMFkw
EwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE3DLuCQn8vzWqXp/HyQ3YKKCxEN3UEZPJ
lFicOr5ZEUxiDvc4I2PspZXPnwgokJPZ0x44w5Y3IOcxJrGnGKMWVqNTMFEwHQYD
VR0OBBYEFCmQZ/2SnUOHCXTjWCF/ChbhKnRAMB8GA1UdIwQYMBaAFCmQZ/2SnUOH
CXTjWCF/ChbhKnRAMA8GA1UdEwEB/wQFMAMBAf8wCgYIKoZIzj0EAwIDRwAwRAIg
d5pzangL8KEBxnhM7xPqWMOPbVQDKEf/1uTVEtCyo4UCIClYtXAAaZ+U3BvVLLYp
F9gtiSYFs4Mn955BMPCRHhnM
-----END CERTIFICATE-----
`,
  key: `-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgPsnU1vSsZs2ExicW
ylLLCHVQe4xhAF1yKcIoSGmNG5KhRANCAATcMu4JCfy/Napen8fJDdgooLEQ3dQR
k8mUWJw6vlkRTGIO9zgjY+yllc+fCCiQk9nTHjjDljcg5zEmsacYoxZW
-----END PRIVATE KEY-----
`,
};

/** Base64, as the `-data` fields of a kubeconfig hold it. */
export function inline(pem: string): string {
  return Buffer.from(pem, 'utf8').toString('base64');
}
