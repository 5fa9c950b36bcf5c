# The output of `refit build`. All other files read it through these locals.

locals {
  key           = "${var.environment}/${var.pipeline}"
  pipelines_dir = coalesce(var.pipelines_dir, "${path.root}/pipelines")
  pipeline_file = "${local.pipelines_dir}/${local.key}.tfvars"
  build_dir     = "${coalesce(var.build_dir, "${path.root}/../build")}/${local.key}"

  # The pipeline file's path in error messages. `refit terraform` runs in the project's folder, which is path.cwd.
  displayed_file = var.pipelines_dir == null ? "terraform/pipelines/${local.key}.tfvars" : trimprefix(local.pipeline_file, "${path.cwd}/")

  # A destroy needs no build. A plan without one is rejected below.
  build         = try(jsondecode(file("${local.build_dir}/build.json")), {})
  handlers      = try(local.build.handlers, {})
  refit_version = try(local.build.refit_version, "unknown")

  # The regions of the layer of AWS SDK for pandas; driver/refit/pipeline/schema/layers.py has the same.
  layer_regions = [
    "af-south-1", "ap-northeast-1", "ap-northeast-2", "ap-northeast-3", "ap-south-1", "ap-southeast-1", "ap-southeast-2",
    "ca-central-1", "eu-central-1", "eu-north-1", "eu-west-1", "eu-west-2", "eu-west-3", "sa-east-1", "us-east-1",
    "us-east-2", "us-west-1", "us-west-2",
  ]

  has_source = var.training.source != null
  artifacts  = concat(["lambdas.zip", "state_machine.asl.json", "build.json"], local.has_source ? ["source.tar.gz"] : [])
  file_found = fileexists(local.pipeline_file)

  has_contract = length(var.data.schema) > 0 || local.schema_file != null

  # The contract in a JSON file is a part of the build as the pipeline file is.
  schema_file = var.data.schema_file == null ? null : "${dirname(local.pipeline_file)}/${var.data.schema_file}"

  built = alltrue([for name in local.artifacts : fileexists("${local.build_dir}/${name}")])
}

# Rejects a plan whose artifacts are missing or were built from an older pipeline file. Everything that reads an artifact
# depends on this resource.
resource "terraform_data" "build" {
  lifecycle {
    precondition {
      condition     = local.file_found
      error_message = "${local.displayed_file} does not exist; name the file after its pipeline and the folder after its environment."
    }

    precondition {
      condition     = !local.file_found || local.built
      error_message = "The pipeline ${local.key} has not been built; run: refit build ${local.key}"
    }

    precondition {
      condition = !(local.file_found && local.built) || try(
        local.build.pipeline_sha256 == filesha256(local.pipeline_file) && length(local.build.handlers) > 0, false
      )
      error_message = "The build of ${local.key} is older than ${local.displayed_file} or Refit; run: refit build ${local.key}"
    }

    precondition {
      condition = !local.has_contract || var.data.check_layer_arn != null || contains(local.layer_regions, local.aws.region)
      error_message = join(" ", [
        "${local.aws.region} does not have the public Lambda layer with pyarrow, which the check of data.schema needs;",
        "publish one there and set data.check_layer_arn in ${local.displayed_file}.",
      ])
    }

    precondition {
      condition = !(local.file_found && local.built) || local.schema_file == null || try(
        local.build.schema_sha256 == filesha256(local.schema_file), false
      )
      error_message = "The build of ${local.key} is older than its data.schema_file; run: refit build ${local.key}"
    }
  }
}
