# The AWS provider, for AWS and for the embedded cloud: AWS_ENDPOINT_URL sets the endpoint, and only these settings differ.
provider "aws" {
  region                      = var.region
  s3_use_path_style           = var.embedded_cloud # <bucket>.127.0.0.1 is not a host name
  skip_metadata_api_check     = var.embedded_cloud
  skip_credentials_validation = var.embedded_cloud

  default_tags {
    tags = merge(var.tags, {
      "refit:pipeline"    = var.pipeline
      "refit:environment" = var.environment
    })
  }
}
