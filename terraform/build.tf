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

  has_source = var.training.source != null
  artifacts  = concat(["lambdas.zip", "state_machine.asl.json", "build.json"], local.has_source ? ["source.tar.gz"] : [])
  file_found = fileexists(local.pipeline_file)
  built      = alltrue([for name in local.artifacts : fileexists("${local.build_dir}/${name}")])
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
  }
}
