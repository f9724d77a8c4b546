export {
  type CertificateRequest,
  type CertificateUse,
  type Issuer,
  issueCertificate,
  type KeyedCertificate,
  type KeyPair,
  newKeyPair,
  newSerialNumber,
  type Subject,
} from './certificate.ts';
