# The variables that `refit terraform` and the workflows set. They must not be set in a pipeline file.

variable "environment" {
  description = "The environment: the pipeline file's folder. Part of tags and of the state's key, but not of AWS names."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[a-z0-9][a-z0-9-]{0,31}$", var.environment))
    error_message = "environment must be 1 to 32 lowercase letters, digits and hyphens, got \"${var.environment}\"; rename the folder."
  }
}

variable "embedded_cloud" {
  description = "Whether AWS_ENDPOINT_URL is the embedded cloud on this machine: true for pipelines in the environment local."
  type        = bool
  default     = false
  nullable    = false
}

variable "pipelines_dir" {
  description = "The absolute path of the folder with <environment>/<pipeline>.tfvars; null means pipelines/ next to this file."
  type        = string
  default     = null

  validation {
    condition     = var.pipelines_dir == null ? true : startswith(var.pipelines_dir, "/")
    error_message = "pipelines_dir must be an absolute path; write TF_VAR_pipelines_dir=\"$PWD/pipelines\"."
  }
}

variable "build_dir" {
  description = "The absolute path of the folder in which `refit build` writes <environment>/<pipeline>/; null means ../build."
  type        = string
  default     = null

  validation {
    condition     = var.build_dir == null ? true : startswith(var.build_dir, "/")
    error_message = "build_dir must be an absolute path; write TF_VAR_build_dir=\"$PWD/build\"."
  }
}

variable "permissions_boundary" {
  description = "The ARN of the permissions boundary for every role of the stack (see terraform/bootstrap); null or \"\" means none."
  type        = string
  default     = null

  validation {
    condition = anytrue([
      var.permissions_boundary == null || var.permissions_boundary == "",
      can(regex("^arn:[a-z-]+:iam::[0-9]{12}:policy/[A-Za-z0-9_+=,.@/-]+$", var.permissions_boundary)),
    ])
    error_message = "permissions_boundary must be the ARN of an IAM policy, such as arn:aws:iam::123456789012:policy/refit-boundary."
  }
}
