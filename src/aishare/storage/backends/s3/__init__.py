"""Objects in S3 or S3-compatible storage.

Names: object `objects/ab/cd/<id>` is the S3 object `<prefix>/objects/ab/cd/<id>` of the bucket; nothing else is
written, and other names in the bucket are never changed. Objects larger than 8 MiB are multipart uploads; a crash may
leave unfinished ones, so give the bucket a lifecycle rule AbortIncompleteMultipartUpload (7 days is a good value).

Permissions of the access key, on `arn:aws:s3:::BUCKET`: s3:ListBucket, s3:ListBucketMultipartUploads; on
`arn:aws:s3:::BUCKET/PREFIX/*`: s3:GetObject, s3:PutObject, s3:DeleteObject, s3:AbortMultipartUpload,
s3:ListMultipartUploadParts. It needs nothing on other buckets, and no permission to create buckets.

Limits: objects up to 5 TiB. Parts being sent use 40 MiB of memory for all uploads together, then temporary files; if
the size is unknown, parts grow after 8 GiB, which storages that require equal parts (Cloudflare R2) refuse. Copies
inside the storage work up to 5 GiB.
"""
