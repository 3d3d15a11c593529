"""Objects in S3 or S3-compatible storage.

What lies where: object `objects/ab/cd/<id>` is the S3 object `<prefix>/objects/ab/cd/<id>` of the bucket; nothing else
is written, and names in the bucket that are no keys of aishare are never touched. Objects beyond 8 MiB arrive as
multipart uploads; a crash may leave unfinished ones, so give the bucket a lifecycle rule AbortIncompleteMultipartUpload
(7 days is a good value).

What the access key needs, on `arn:aws:s3:::BUCKET`: s3:ListBucket, s3:ListBucketMultipartUploads; on
`arn:aws:s3:::BUCKET/PREFIX/*`: s3:GetObject, s3:PutObject, s3:DeleteObject, s3:AbortMultipartUpload,
s3:ListMultipartUploadParts. Nothing on other buckets, and no right to create buckets.

Limits: objects up to 5 TiB. Parts in flight take 40 MiB of memory for all uploads together, then temporary files; with
an unknown size beyond 8 GiB parts grow, which stores that want equal parts (Cloudflare R2) refuse. Copies inside the
store work up to 5 GiB.
"""
